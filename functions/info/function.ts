import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'info',
	purpose: 'Shows the version and platform of the shop, and whether each function is at zero, starting or ready.',
	api,
	role: 'observer',
	data: { connections: 2 },
});
