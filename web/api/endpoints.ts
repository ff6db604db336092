import type { Answer, Arguments, Contract, Operation } from '../../kit/declare/contract.ts';

type Api =
	| typeof import('../../functions/billing/api.ts').api
	| typeof import('../../functions/books/api.ts').api
	| typeof import('../../functions/calc/api.ts').api
	| typeof import('../../functions/data/api.ts').api
	| typeof import('../../functions/event-log/api.ts').api
	| typeof import('../../functions/info/api.ts').api
	| typeof import('../../functions/movies/api.ts').api
	| typeof import('../../functions/orders/api.ts').api
	| typeof import('../../functions/stats/api.ts').api
	| typeof import('../../functions/todo/api.ts').api
	| typeof import('../../functions/users/api.ts').api
	| typeof import('../../functions/weather/api.ts').api;

type Below<Path extends string> = Path extends '/' ? '' : Path;

/** The operations of one contract, keyed by method and path: `GET /api/books/:id`. */
type Named<A> =
	A extends Contract<infer Operations, infer Base>
		? {
				[Name in keyof Operations as `${Operations[Name]['method']} ${Base}${Below<Operations[Name]['path']>}`]: Operations[Name];
			}
		: never;
type Together<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void
	? All
	: never;

/** Every operation of the shop's API, from the functions' own contracts. */
type Endpoints = Together<Named<Api>>;
export type Endpoint = keyof Endpoints & string;
type Of<Name extends Endpoint> = Endpoints[Name] extends Operation ? Endpoints[Name] : never;
export type Sent<Name extends Endpoint> = Arguments<Of<Name>> & {
	readonly headers?: Readonly<Record<string, string>>;
	readonly signal?: AbortSignal | undefined;
};
export type Received<Name extends Endpoint> = Answer<Of<Name>>;
export type Listed<Name extends Endpoint> = Received<Name> extends readonly (infer Row)[] ? Row : never;

type Personal = {
	[Name in Endpoint]: Endpoints[Name] extends { access: 'optional' | 'user' | 'admin' } ? Name : never;
}[Endpoint];

/** The endpoints whose response depends on the caller. They get the access token. The compiler checks the list. */
export const personal: Readonly<Record<Personal, true>> = {
	'DELETE /api/books/:id': true,
	'DELETE /api/dead-letters/:id': true,
	'DELETE /api/drills/:function': true,
	'DELETE /api/movies/:id': true,
	'DELETE /api/orders/:id': true,
	'DELETE /api/recording': true,
	'DELETE /api/todo': true,
	'DELETE /api/todo/:id': true,
	'DELETE /api/users/me': true,
	'DELETE /api/users/me/sessions': true,
	'GET /api/billing': true,
	'GET /api/billing/:id': true,
	'GET /api/billing/mine': true,
	'GET /api/data/tables': true,
	'GET /api/data/tables/:table': true,
	'GET /api/dead-letters': true,
	'GET /api/drills': true,
	'GET /api/drills/:function': true,
	'GET /api/events': true,
	'GET /api/events/:id': true,
	'GET /api/functions/:name/log': true,
	'GET /api/orders': true,
	'GET /api/orders/:id': true,
	'GET /api/orders/mine': true,
	'GET /api/recording': true,
	'GET /api/todo': true,
	'GET /api/todo/:id': true,
	'GET /api/traces/:trace': true,
	'GET /api/users': true,
	'GET /api/users/me': true,
	'PATCH /api/todo/:id': true,
	'POST /api/billing': true,
	'POST /api/books': true,
	'POST /api/dead-letters/:id/replay': true,
	'POST /api/dead-letters/replay': true,
	'POST /api/events': true,
	'POST /api/movies': true,
	'POST /api/orders': true,
	'POST /api/todo': true,
	'PUT /api/books/:id': true,
	'PUT /api/drills/:function': true,
	'PUT /api/functions/:name/scaling': true,
	'PUT /api/movies/:id': true,
	'PUT /api/recording': true,
	'PUT /api/users/me/password': true,
};
