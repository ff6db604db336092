import { pathOf } from '../../kit/declare/path.ts';
import { type Endpoint, type Listed, personal, type Received, type Sent } from './endpoints.ts';
import type { Reply } from './send.ts';
import { send } from './send.ts';
import { sendSigned } from './session.ts';

/** Calls an endpoint, e.g. `ask('GET /api/books/:id', { params: { id: 7 } })`. @throws {Problem | Lost | TooSlow} */
export async function ask<Name extends Endpoint>(name: Name, sent?: Sent<Name>): Promise<Received<Name>> {
	return (await exchange(name, sent)).body as Received<Name>;
}

/** Calls an endpoint and also returns the version of its response, to be sent as `If-Match` with a change. */
export async function askVersion<Name extends Endpoint>(
	name: Name,
	sent?: Sent<Name>,
): Promise<{ readonly body: Received<Name>; readonly version: string }> {
	const { body, headers } = await exchange(name, sent);
	// A proxy that compresses marks the tag as weak, which would match no version.
	return { body: body as Received<Name>, version: (headers.get('etag') ?? '').replace(/^W\//, '') };
}

/** One page of a list. `next` is the `after` parameter of the next page, if there is one. */
export interface Page<Row> {
	readonly rows: readonly Row[];
	readonly next: string | undefined;
}

/** @throws {Problem | Lost | TooSlow} */
export async function askPage<Name extends Endpoint>(name: Name, sent?: Sent<Name>): Promise<Page<Listed<Name>>> {
	const { body, headers } = await exchange(name, sent);
	const next = /<([^>]+)>;\s*rel="next"/.exec(headers.get('link') ?? '')?.[1];
	const after = next === undefined ? undefined : new URL(next, location.href).searchParams.get('after');
	return { rows: body as Listed<Name>[], next: after ?? undefined };
}

/** Requests a file: the endpoint's data in a media type such as `text/csv`. @throws {Problem | Lost | TooSlow} */
export async function askFile<Name extends Endpoint>(name: Name, mediaType: string, sent?: Sent<Name>): Promise<Blob> {
	const { body } = await exchange(name, { ...sent, headers: { accept: mediaType } } as Sent<Name>, 'file');
	return body as Blob;
}

function exchange<Name extends Endpoint>(
	name: Name,
	sent: Sent<Name> | undefined,
	as: 'json' | 'file' = 'json',
): Promise<Reply> {
	const {
		params = {},
		query = {},
		...rest
	} = (sent ?? {}) as {
		readonly params?: Record<string, unknown>;
		readonly query?: Record<string, unknown>;
	};
	const [method = 'GET', path = ''] = name.split(' ');
	const request = { ...rest, as, method, path: pathOf(path, { params, query }) };
	return Object.hasOwn(personal, name) ? sendSigned(request) : send(request);
}
