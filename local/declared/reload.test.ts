import { expect, test } from 'vitest';
import { Reload } from './reload.ts';

test('runs once for changes that come together, and once more for those during a run', async () => {
	const gate = Promise.withResolvers<void>();
	let runs = 0;
	const reload = new Reload(async () => {
		runs += 1;
		if (runs === 1) await gate.promise;
	});
	const together = [reload.changed(), reload.changed()];
	await expect.poll(() => runs).toBe(1);
	const during = [reload.changed(), reload.changed()];
	gate.resolve();
	await Promise.all([...together, ...during, reload.settled]);
	expect(runs).toBe(2);
});

test('lets nobody wait for a change after it is stopped', async () => {
	const reload = new Reload(async () => expect.unreachable());
	const changed = reload.changed();
	reload.stop();
	await changed;
});
