import { declare } from '../kit/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'calc',
	purpose: 'Adds, subtracts, multiplies and divides, as exactly as on paper.',
	api,
});
