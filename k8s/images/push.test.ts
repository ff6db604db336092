import { expect, test } from 'vitest';
import { push, sourceOf } from './push.ts';

test.each([
	['https://github.com/me/bodega.git', 'https://github.com/me/bodega'],
	['https://me:secret@github.com/me/bodega', 'https://github.com/me/bodega'],
	['git@github.com:me/bodega.git', 'https://github.com/me/bodega'],
	['ssh://git@git.example.org:2222/me/bodega.git', 'https://git.example.org/me/bodega'],
	['/home/me/bodega', ''],
	['file:///home/me/bodega', ''],
	['', ''],
])('the remote %s becomes the source label "%s"', (remote, source) => {
	expect(sourceOf(remote)).toBe(source);
});

test.each(['', 'https://ghcr.io/me', 'ghcr.io/Me', 'ghcr.io/me/', '--all-tags'])(
	'rejects "%s" as a registry',
	async (registry) => {
		await expect(push(registry, {})).rejects.toMatchObject({ exitCode: 2 });
	},
);
