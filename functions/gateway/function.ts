import { declare } from '../../kit/declare/declare.ts';

export default declare({
	name: 'gateway',
	purpose: 'Serves the page, and passes /api/* on to the functions by their declared paths: the shop under one origin.',
	role: 'gateway',
	scale: { concurrency: 100, tier: 'customer' },
});
