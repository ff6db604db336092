import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'daily-word',
	purpose: 'Chooses a word each night, and returns it during the day.',
	api,
	schedule: '0 0 * * *',
	data: true,
});
