import { setTimeout as after } from 'node:timers/promises';
import { request } from 'undici';
import { shop } from '../../../shop.ts';
import type { Reach } from './shop.ts';

/** How long a 503 is retried, in ms. A test before this one can have crashed the database, which functions notice one by one. */
const patience = 30_000;

/** Signs in as the first admin and returns the headers, which are valid for 15 minutes. */
export async function signInAsAdmin({ url, hosts, adminPassword }: Reach): Promise<{ authorization: string }> {
	const end = Date.now() + patience;
	for (;;) {
		const answer = await request(`${url}/api/users/session`, {
			method: 'POST',
			headers: { host: hosts['gateway'] ?? '', 'content-type': 'application/json' },
			body: JSON.stringify({ email: shop.firstAdmin, password: adminPassword }),
		});
		const body = await answer.body.text();
		if (answer.statusCode === 200) return { authorization: `Bearer ${JSON.parse(body).access_token}` };
		if (answer.statusCode !== 503 || Date.now() > end)
			throw new Error(`the admin cannot sign in: ${answer.statusCode} ${body}`);
		await after(200);
	}
}
