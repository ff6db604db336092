import type { Account } from '../../account.ts';
import { outcomeOf } from '../../history.ts';
import { type Client, type OpenPart, part } from '../../part.ts';
import { type Credentials, invariants } from './invariants.ts';

/** A user who signs in and renews the session again and again, and strangers who sign up. */
const open: OpenPart = async (scene) => {
	const user: Account = await scene.account('Ian');
	const random = scene.random.fork(user.name);
	const visitor = scene.visitor('Joy');
	let count = 0;
	const clients: Client[] = [
		{
			name: user.name,
			pause: [0.5, 3],
			step: async () => {
				if (random.chance(0.2)) return await user.signIn();
				if (random.chance(0.5)) return await user.refresh();
				if (!(await user.authorize())) return undefined;
				return await user.ask('GET', '/api/users/me', {
					check: (me) => ((me as Credentials).email === user.credentials.email ? undefined : 'another user'),
				});
			},
		},
		{
			name: visitor.name,
			// An address is allowed 100 sign-ups in 15 minutes.
			pause: [15, 25],
			step: () => {
				count += 1;
				const body = {
					name: visitor.name,
					email: `${visitor.name}-${count}-${scene.run}@example.com`.toLowerCase(),
					password: `the password ${count}`,
				};
				return visitor.ask('POST', '/api/users', { body, right: [201] });
			},
		},
	];
	const read = async () => {
		const able = new Set<string>();
		const signUps = scene.history.exchanges.filter(({ operation }) => operation === 'signUp');
		for (const { body } of signUps) {
			const { email, password } = body as Credentials;
			const answer = await visitor.ask('POST', '/api/users/session', { body: { email, password }, right: [200, 401] });
			if (outcomeOf(answer) === 'done') able.add(email);
		}
		return { able };
	};
	return part(scene, clients, read, invariants);
};

export default open;
