import { expect, test } from 'vitest';
import { keyFor, settle } from './wishes.ts';

test('reuses an order’s idempotency key until its outcome is known', () => {
	const key = keyFor('one book');
	expect(key).toMatch(/^[0-9a-f]{32}$/);
	expect(keyFor('one book')).toBe(key);
	expect(keyFor('two books')).not.toBe(key);
	settle('two books');
	expect(keyFor('one book')).toBe(key);
	settle('one book');
	expect(keyFor('one book')).not.toBe(key);
});
