import { keep, kept } from './kept.ts';
import { Problem } from './problem.ts';
import { send } from './send.ts';
import { Store } from './store.ts';

/** Whether somebody is signed in; `restoring` while that is asked, for whoever was the last time. */
export const signedIn = new Store<'no' | 'yes' | 'restoring'>(kept('signed-in') ? 'restoring' : 'no');

// In memory only: what a script cannot find in a store it cannot carry off. The refresh token is in a cookie that no script sees.
let accessToken: string | undefined;
let refreshing: Promise<void> | undefined;

function take(body: unknown): void {
	accessToken = (body as { access_token: string }).access_token;
	keep('signed-in', 'yes');
	signedIn.set('yes');
}

function forget(): void {
	accessToken = undefined;
	keep('signed-in', undefined);
	signedIn.set('no');
}

/** Takes a new access token for the refresh token; once, however many ask. */
function refresh(): Promise<void> {
	refreshing ??= send({
		method: 'POST',
		path: '/api/users/session/refresh',
		headers: { 'content-type': 'application/json' },
	})
		.then(({ body }) => take(body))
		.catch((error) => {
			// The session has ended: whoever it was is a stranger now.
			if (!(error instanceof Problem && error.status === 401)) throw error;
			forget();
		})
		.finally(() => {
			refreshing = undefined;
		});
	return refreshing;
}

/**
 * Sends as who is signed in, and once more with a new token when the old one has expired. When the session has ended in the
 * meantime it goes on as a stranger, but only to read: what somebody wrote for their own eyes is not handed to everyone's.
 * @throws {Problem} 401 when it was to be written
 */
export async function sendSigned(request: Parameters<typeof send>[0]): ReturnType<typeof send> {
	const before = signedIn.value;
	const attempt = (): ReturnType<typeof send> =>
		send({
			...request,
			headers: { ...request.headers, ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}) },
		});
	const refuseIfEnded = (): void => {
		if (before !== 'no' && signedIn.value === 'no' && request.method !== 'GET')
			throw new Problem(401, 'The session has ended. Sign in again, then do this once more.');
	};
	if (before === 'restoring') await refresh();
	refuseIfEnded();
	try {
		return await attempt();
	} catch (error) {
		if (!(error instanceof Problem && error.status === 401 && accessToken)) throw error;
		await refresh();
		refuseIfEnded();
		return attempt();
	}
}

/** @throws {Problem} 401 when e-mail and password do not go together, 429 after too many attempts */
export async function signIn(email: string, password: string): Promise<void> {
	take((await send({ method: 'POST', path: '/api/users/session', body: { email, password } })).body);
}

export async function signOut(): Promise<void> {
	await send({ method: 'DELETE', path: '/api/users/session' });
	forget();
}
