import { expect, test } from 'vitest';
import { surroundings } from './surroundings.ts';

const env = {
	PATH: '/bin',
	TZ: 'Asia/Kolkata',
	HTTPS_PROXY: 'http://user:password@proxy',
	ADMIN_PASSWORD: 'secret',
	DATABASE_URL: 'postgresql://owner:secret@localhost',
	AWS_SECRET_ACCESS_KEY: 'secret',
	NODE_OPTIONS: '--require=secret',
};

test('a process gets the path and the language of the user, and no secret', () => {
	expect(surroundings({}, env)).toEqual({ PATH: '/bin', TZ: 'Asia/Kolkata' });
});

test('a process that reaches the internet also gets the proxy', () => {
	expect(surroundings({ internet: true }, env)).toEqual({
		PATH: '/bin',
		TZ: 'Asia/Kolkata',
		HTTPS_PROXY: 'http://user:password@proxy',
	});
});
