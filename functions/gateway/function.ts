import { declare } from '../../kit/declare/declare.ts';
import { trustedProxies } from '../../kit/net/client-address.ts';

export default declare({
	name: 'gateway',
	purpose: 'Serves the page and forwards /api/* to the functions by their declared paths, all under one origin.',
	role: 'gateway',
	settings: { TRUSTED_PROXIES: trustedProxies },
	scale: { concurrency: 100, tier: 'customer' },
});
