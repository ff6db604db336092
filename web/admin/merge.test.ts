import { expect, test } from 'vitest';
import { Clash, merge } from './merge.ts';

const base = { title: 'Emma', stock: '10' };

test('combines my change with the changes of others', () => {
	expect(merge(base, { ...base, title: 'Emma!' }, { ...base, stock: '8' })).toEqual({ title: 'Emma!', stock: '8' });
	expect(merge(base, base, base)).toEqual(base);
});

test('accepts the same change by both', () => {
	const both = { ...base, stock: '9' };
	expect(merge(base, both, both)).toEqual(both);
});

test('throws a Clash with the other value when both change a field', () => {
	const clash = (() => {
		try {
			return merge(base, { title: 'Emma!', stock: '12' }, { ...base, stock: '8' });
		} catch (error) {
			return error;
		}
	})();
	expect(clash).toBeInstanceOf(Clash);
	expect((clash as Clash).theirs).toEqual({ stock: '8' });
});
