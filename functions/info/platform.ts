import type { FunctionState, Info } from './api.ts';

export type Observation = Pick<FunctionState, 'state' | 'instances' | 'requests' | 'cold_starts' | 'history'>;

export interface Platform {
	readonly name: Info['runs_on']['platform'];
	/** Returns the observed Services, by name. @throws {Problem} 503 when the platform does not answer */
	observe(): Promise<ReadonlyMap<string, Observation>>;
	/** Returns the versions of Kubernetes and Knative; null where absent or unknown. */
	versions(): Promise<Pick<Info['runs_on'], 'kubernetes' | 'knative'>>;
}
