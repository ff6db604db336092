import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'todo',
	purpose:
		'Lists of things to do, in an order of one’s own: one for each who is signed in, and one that the world shares.',
	api,
	aliases: ['/api/taches'],
	data: true,
});
