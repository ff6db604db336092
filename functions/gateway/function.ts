import { declare } from '../../kit/declare/declare.ts';

export default declare({
	name: 'gateway',
	purpose: 'Serves the page and forwards /api/* to the functions by their declared paths, all under one origin.',
	role: 'gateway',
	scale: { concurrency: 100, tier: 'customer' },
});
