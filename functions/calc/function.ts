import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'calc',
	purpose: 'Adds, subtracts, multiplies and divides, as exactly as on paper.',
	api,
	// It computes and never waits: a product of many long numbers takes a core for a tenth of a second.
	scale: { concurrency: 2 },
});
