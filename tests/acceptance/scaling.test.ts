import { expect, test } from 'vitest';
import { functions } from '../../functions/index.ts';
import { eventsTarget, targetsOf } from '../../kit/declare/declare.ts';
import { eventually, target, visit } from './setup/visitor.ts';

const functionNamed = async (name: string) =>
	(await visit('gateway', '/api/functions')).json.find((fn: { name: string }) => fn.name === name);

// Compose does not scale to zero.
test.skipIf(target === 'compose')(
	'a function scales to zero without requests, and the next request wakes it',
	async () => {
		const read = () => visit('reference', '/api/openapi.json');
		expect((await read()).status).toBe(200);
		// A platform's answer can be a second old, and show the function as it starts.
		const ready = await eventually('reference is ready', async () => {
			const reference = await functionNamed('reference');
			return reference.state === 'ready' && reference;
		});
		expect(ready).toMatchObject({ function: 'reference', signature: 'http' });
		const asleep = await eventually(
			'reference is at zero',
			async () => {
				const reference = await functionNamed('reference');
				return reference.state === 'zero' && reference;
			},
			170,
		);
		expect(asleep.instances).toBe(0);
		expect((await read()).status).toBe(200);
		const awake = await eventually('reference is ready and reports requests', async () => {
			// A stopping instance can answer the first request, and its request count is no longer read.
			await read();
			const reference = await functionNamed('reference');
			return reference.state === 'ready' && reference.requests > 0 && reference;
		});
		expect(awake.instances).toBeGreaterThan(0);
		expect(awake.cold_starts.at(-1).ms).toBeGreaterThan(0);
	},
);

/** Functions that only deleted accounts wake. A shop need not have one. */
const mourners = functions.filter(({ reacts }) => reacts.length === 1 && reacts[0] === 'account.deleted');

test.skipIf(target === 'compose' || mourners.length === 0)(
	'a request wakes the functions that its operation reaches, even if it is refused',
	async () => {
		const service = eventsTarget(mourners[0]?.name ?? '');
		const becomes = (awake: boolean) =>
			eventually(
				`${service} is ${awake ? 'awake' : 'at zero'}`,
				async () => ((await functionNamed(service)).state !== 'zero') === awake,
				170,
			);
		await becomes(false);
		expect((await visit('gateway', '/api/users/me', { method: 'DELETE' })).status).toBe(401);
		await becomes(true);
	},
);

test('lists every function with its state', async () => {
	const { json } = await visit('gateway', '/api/functions');
	const names = json.map(({ name }: { name: string }) => name);
	for (const { name } of functions.flatMap(targetsOf)) expect(names).toContain(name);
	for (const fn of json) expect(['zero', 'starting', 'ready']).toContain(fn.state);
});
