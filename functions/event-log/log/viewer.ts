import { attributeOf, catalog, type EventType } from '../../../eventing/catalog/catalog.ts';
import { type Identity, isAdmin } from '../../../kit/auth/auth.ts';
import type { LoggedEvent } from '../api.ts';

/** A caller, as far as that decides which parts of an event they see. */
export interface Viewer {
	readonly admin: boolean;
	/** The id of the caller's account; null if they are not signed in. */
	readonly account: string | null;
}

export const viewerOf = (identity: Identity | undefined): Viewer => ({
	admin: isAdmin(identity),
	account: identity?.id ?? null,
});

/** The account to which an event belongs, if any. */
interface Owned {
	readonly subject: string;
	readonly owner: string | null;
}

/** An event with every part. */
export type OwnedEvent = LoggedEvent & Owned & { readonly origin: LoggedEvent['origin'] & Owned };

/** SQL for the `owner` of an event. */
export const ownerOf = "data ->> 'account_id'";

/** The types whose subject is public. A type that the catalog does not have, such as one of an older release, is not. */
const publicTypes = (): string[] =>
	(Object.keys(catalog) as EventType[]).filter((type) => catalog[type].subject === 'public').map(attributeOf);

/** The values of `subjectIsSeen`. */
export const valuesOf = ({ admin, account }: Viewer) => [admin, account, publicTypes()];

/** Returns the SQL condition that a viewer sees the subject of an event; the parameters are those of `valuesOf`. */
export const subjectIsSeen = (admin: string, account: string, types: string): string =>
	`(${admin}::boolean or ${ownerOf} = ${account}::text or (${ownerOf} is null and type = any(${types}::text[])))`;

/** Returns whether a viewer sees the subject of an event, like `subjectIsSeen`. */
export const seesSubject = ({ admin, account }: Viewer, { owner, type }: Owned & Pick<LoggedEvent, 'type'>): boolean =>
	admin || (owner === null ? publicTypes().includes(type) : owner === account);

/**
 * Returns the parts of an event that a viewer sees. The data and the errors of failed attempts can contain customers' data,
 * so they are for admins.
 */
export function shown(viewer: Viewer, event: OwnedEvent): LoggedEvent {
	const { owner: _owner, ...whole } = event;
	const { id, type, subject } = event.origin;
	const origin = { id, type, subject: seesSubject(viewer, event.origin) ? subject : undefined };
	if (viewer.admin) return { ...whole, origin };
	return {
		...whole,
		origin,
		subject: seesSubject(viewer, event) ? event.subject : undefined,
		published_by: undefined,
		data: undefined,
		deliveries: event.deliveries.map((delivery) => ({
			...delivery,
			failures: delivery.failures.map(({ error: _error, ...failure }) => failure),
		})),
	};
}
