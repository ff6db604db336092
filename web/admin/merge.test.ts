import { expect, test } from 'vitest';
import { Clash, merge } from './merge.ts';

const base = { title: 'Emma', stock: '10' };

test('what one has changed is kept, and so is what others have', () => {
	expect(merge(base, { ...base, title: 'Emma!' }, { ...base, stock: '8' })).toEqual({ title: 'Emma!', stock: '8' });
	expect(merge(base, base, base)).toEqual(base);
});

test('the same change twice is one', () => {
	const both = { ...base, stock: '9' };
	expect(merge(base, both, both)).toEqual(both);
});

test('two changes of one field are a clash, which says what theirs is', () => {
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
