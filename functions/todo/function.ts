import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'todo',
	purpose: 'Manages ordered to-do lists: one for each signed-in user, and one public list for everyone else.',
	api,
	aliases: ['/api/taches'],
	reacts: ['account.deleted'],
	data: true,
});
