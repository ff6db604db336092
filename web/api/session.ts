import { keep, kept } from './kept.ts';
import { Problem } from './problem.ts';
import { send } from './send.ts';
import { Store } from './store.ts';

/** Whether somebody is signed in; `restoring` while the session of the last visit is being restored. */
export const signedIn = new Store<'no' | 'yes' | 'restoring'>(kept('signed-in') ? 'restoring' : 'no');

// In memory only, so that no script can steal it from storage. Scripts cannot read the refresh token's cookie.
let accessToken: string | undefined;
let refreshing: Promise<void> | undefined;

function take(body: unknown): void {
	accessToken = (body as { access_token: string }).access_token;
	keep('signed-in', 'yes');
	signedIn.set('yes');
}

/** Forgets a session that has ended. */
export function leave(): void {
	accessToken = undefined;
	keep('signed-in', undefined);
	signedIn.set('no');
}

/** Exchanges the refresh token for a new access token. Parallel calls share one request. */
function refresh(): Promise<void> {
	refreshing ??= send({
		method: 'POST',
		path: '/api/users/session/refresh',
		headers: { 'content-type': 'application/json' },
	})
		.then(({ body }) => take(body))
		.catch((error) => {
			// 401: the session has ended.
			if (!(error instanceof Problem && error.status === 401)) throw error;
			leave();
		})
		.finally(() => {
			refreshing = undefined;
		});
	return refreshing;
}

/**
 * Makes a request with the access token's header, and once more with a new token if the old one has expired. If the session
 * has ended, reads continue anonymously, but writes are rejected: a private entry must not end up in a public list.
 * @throws {Problem} 401 for a write after the session has ended
 */
export async function signed<Reply>(
	method: string,
	attempt: (authorization: Readonly<Record<string, string>>) => Promise<Reply>,
): Promise<Reply> {
	const before = signedIn.value;
	const attemptNow = (): Promise<Reply> => attempt(accessToken ? { authorization: `Bearer ${accessToken}` } : {});
	const refuseIfEnded = (): void => {
		if (before !== 'no' && signedIn.value === 'no' && method !== 'GET')
			throw new Problem(401, 'The session has ended. Sign in again, then retry.');
	};
	if (before === 'restoring') await refresh();
	refuseIfEnded();
	try {
		return await attemptNow();
	} catch (error) {
		if (!(error instanceof Problem && error.status === 401 && accessToken)) throw error;
		await refresh();
		refuseIfEnded();
		return attemptNow();
	}
}

/** Sends a request as the signed-in user, or anonymously without one. @throws {Problem | Lost | TooSlow} */
export const sendSigned = (request: Parameters<typeof send>[0]): ReturnType<typeof send> =>
	signed(request.method, (authorization) => send({ ...request, headers: { ...request.headers, ...authorization } }));

/** @throws {Problem} 401 for a wrong e-mail address or password, 429 after too many attempts */
export async function signIn(email: string, password: string): Promise<void> {
	take((await send({ method: 'POST', path: '/api/users/session', body: { email, password } })).body);
}

export async function signOut(): Promise<void> {
	await send({ method: 'DELETE', path: '/api/users/session' });
	leave();
}
