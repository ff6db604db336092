import type { FunctionState } from './api.ts';

export type Observation = Pick<FunctionState, 'state' | 'instances' | 'requests' | 'cold_start_ms'>;

/** Looks at what runs the functions, and answers with what it sees of each Service that is not at zero, by name. */
export type Observe = () => Promise<ReadonlyMap<string, Observation>>;
