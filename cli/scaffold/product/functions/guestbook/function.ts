import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'guestbook',
	purpose: 'Stores what visitors write, and thanks each of them.',
	api,
	aliases: ['/api/livre-d-or'],
	emits: ['guestbook.signed'],
	reacts: ['guestbook.signed'],
	data: true,
});
