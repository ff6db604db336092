import { request } from 'undici';
import { shop } from '../../../shop.ts';
import type { Reach } from './shop.ts';

/** Signs in as the first admin and returns the headers, which are valid for 15 minutes. */
export async function signInAsAdmin({ url, hosts, adminPassword }: Reach): Promise<{ authorization: string }> {
	const answer = await request(`${url}/api/users/session`, {
		method: 'POST',
		headers: { host: hosts['gateway'] ?? '', 'content-type': 'application/json' },
		body: JSON.stringify({ email: shop.firstAdmin, password: adminPassword }),
	});
	if (answer.statusCode !== 200)
		throw new Error(`the admin cannot sign in: ${answer.statusCode} ${await answer.body.text()}`);
	const { access_token } = (await answer.body.json()) as { access_token: string };
	return { authorization: `Bearer ${access_token}` };
}
