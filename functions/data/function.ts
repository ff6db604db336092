import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'data',
	purpose: 'Shows an admin the rows of every function’s tables, except for secret tables and columns.',
	api,
	data: { connections: 3, reads: 'everything' },
	scale: { max: 2 },
});
