import { expect, test } from 'vitest';
import { wayBack } from './way-back.ts';

test.each(['/', '/todo', '/todo?city=Paris&show=done', '/orders/7#way', '/movies?search=a%2Fb'])(
	'returns to %s',
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
])('returns to the home screen instead of %j', (to) => expect(wayBack(to)).toBe('/'));

test('follows the ?to= of a sign-in path instead of returning there', () =>
	expect(wayBack('/sign-in?to=%2Fsign-up%3Fto%3D%2Ftodo')).toBe('/todo'));
