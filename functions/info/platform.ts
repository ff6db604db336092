import type { FunctionState, Info } from './api.ts';

export type Observation = Pick<FunctionState, 'state' | 'instances' | 'requests' | 'cold_starts' | 'history'>;

/** What runs the functions. */
export interface Platform {
	readonly name: Info['runs_on']['platform'];
	/** Tells what is seen of each Service that is not at zero, by name. @throws {Problem} 503 when it does not answer */
	observe(): Promise<ReadonlyMap<string, Observation>>;
	/** Its versions, or null for what it is not or does not tell. */
	versions(): Promise<Pick<Info['runs_on'], 'kubernetes' | 'knative'>>;
}
