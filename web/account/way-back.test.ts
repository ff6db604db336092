import { expect, test } from 'vitest';
import { wayBack } from './way-back.ts';

test.each(['/', '/todo', '/todo?city=Paris&show=done', '/orders/7#way', '/movies?search=a%2Fb'])(
	'%s is gone to',
	(to) => expect(wayBack(to)).toBe(to),
);

test.each([
	null,
	'',
	'todo',
	'//elsewhere.example',
	'/\\elsewhere.example',
	'/\t/elsewhere.example',
	'/.//elsewhere.example',
	'/%2e//elsewhere.example',
	'https://elsewhere.example/todo',
	'javascript:alert(1)',
	'//[',
	'/sign-in?to=//elsewhere.example',
	'/sign-up',
])('%j is no way back', (to) => expect(wayBack(to)).toBe('/'));

test('a door is no way back, but leads to where it would have', () =>
	expect(wayBack('/sign-in?to=%2Fsign-up%3Fto%3D%2Ftodo')).toBe('/todo'));
