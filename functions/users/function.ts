import { declare } from '../../kit/declare/declare.ts';
import { trustedProxies } from '../../kit/net/client-address.ts';
import { api } from './api.ts';

export default declare({
	name: 'users',
	purpose: 'Manages accounts: signs users up and in, and issues the access tokens that each function verifies locally.',
	api,
	aliases: ['/api/utilisateurs'],
	emits: ['account.deleted'],
	data: true,
	seed: true,
	secrets: ['users.password_hash', 'refresh_tokens', 'attempts', 'attempt_counts', 'signing_keys'],
	keys: ['signing_keys'],
	settings: { TRUSTED_PROXIES: trustedProxies },
	// Rotates keys and deletes expired data.
	schedule: '17 3 * * *',
	// Each sign-in takes 50 to 80 ms of CPU time.
	scale: { concurrency: 10, tier: 'customer' },
});
