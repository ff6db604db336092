import type * as z from 'zod';

/** The definition of an event type: its meaning, the version of its data, and their schema with an example. */
export interface Definition {
	readonly summary: string;
	/** Rises with each incompatible change of `data`. */
	readonly version: number;
	readonly data: z.ZodType;
}
