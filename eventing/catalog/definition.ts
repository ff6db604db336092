import type * as z from 'zod';

/** The definition of an event type: its meaning, the version of its data, and their schema with an example. */
export interface Definition {
	readonly summary: string;
	/** Rises with each incompatible change of `data`. */
	readonly version: number;
	readonly data: z.ZodType;
	/**
	 * Who sees the subject in the event log: `public` means everyone, `private` only admins, because the subject is a secret
	 * such as the id of an invoice. An event whose data have an `account_id` shows its subject only to that account and to
	 * admins, whatever this says.
	 */
	readonly subject: 'public' | 'private';
}
