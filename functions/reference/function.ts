import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'reference',
	purpose: 'Serves the API reference: every operation and event, as documents and as a page to try them out.',
	api,
	role: 'reference',
});
