import { expect, test } from 'vitest';
import { functions } from '../../../functions/index.ts';
import { bodyMemoryOf } from '../../../kit/declare/declare.ts';
import { samples } from '../../../tests/library/library.ts';
import { memoryOf } from './knative-service.ts';

test('the bodies that an instance of any function holds in parallel fit its memory limit', () => {
	for (const fn of [...functions, ...samples]) {
		// An idle instance takes at most 100 MiB, and a body at most ten times its length.
		const needed = 100 + (10 * bodyMemoryOf(fn)) / 2 ** 20;
		expect([fn.name, memoryOf(fn)]).toEqual([fn.name, expect.toSatisfy((limit: number) => limit >= needed)]);
	}
});
