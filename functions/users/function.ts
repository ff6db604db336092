import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'users',
	purpose: 'The accounts: signs users up and in, and signs the access tokens that every function verifies by itself.',
	api,
	aliases: ['/api/utilisateurs'],
	data: true,
	seed: true,
	secrets: ['users.password_hash', 'refresh_tokens', 'attempts', 'signing_keys'],
	// New keys, and what has expired.
	schedule: '17 3 * * *',
	// Each sign-in is 50 to 80 ms of a core's work.
	scale: { concurrency: 10, tier: 'customer' },
});
