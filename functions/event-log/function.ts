import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'event-log',
	purpose: 'Shows every event with its deliveries, and stores dead letters until they are replayed or discarded.',
	api,
	deadLetters: true,
	data: true,
});
