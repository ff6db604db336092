import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'event-log',
	purpose:
		'Shows every event with its deliveries, stores dead letters until they are replayed or discarded, and shows recorded traces.',
	api,
	role: 'recorder',
	deadLetters: true,
	data: true,
});
