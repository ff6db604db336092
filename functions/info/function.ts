import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'info',
	purpose: 'Tells what the shop is and runs on, and of every function whether it is at zero, starting or ready.',
	api,
	role: 'observer',
	data: { connections: 2 },
});
