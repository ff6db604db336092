import type { Outcomes } from '../../kit/serve/outcomes.ts';
import type { CurrentScaling, FunctionState, Info, Scaling } from './api.ts';

export interface Observation
	extends Pick<FunctionState, 'state' | 'instances' | 'requests' | 'cold_starts' | 'history'>,
		Outcomes {
	/** How it scales, where that can change while it runs. */
	readonly scaling?: CurrentScaling;
}

/** A line as an instance has written it. */
export interface RawLine {
	readonly service: string;
	/** ISO 8601. */
	readonly time: string;
	readonly text: string;
}

/** Returns the lines since the last call, oldest first; the first call returns past lines. @throws {Problem} 503 */
export type LogReader = () => Promise<readonly RawLine[]>;

export interface Platform {
	readonly name: Info['runs_on']['platform'];
	/** Returns the observed Services, by name. @throws {Problem} 503 when the platform does not answer */
	observe(): Promise<ReadonlyMap<string, Observation>>;
	/** Returns the versions of Kubernetes and Knative; null where absent or unknown. */
	versions(): Promise<Pick<Info['runs_on'], 'kubernetes' | 'knative'>>;
	/** Reads the log of some Services. Without it, functions cannot read logs on the platform. */
	readonly openLog?: (services: readonly string[]) => LogReader;
	/** Changes how a Service scales. Only a laptop can. @throws {Problem} 422 for values that the machine does not allow */
	readonly scale?: (service: string, scaling: Scaling) => Promise<CurrentScaling>;
}
