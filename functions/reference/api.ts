import { contract } from '../../kit/declare/contract.ts';

export const api = contract('/api', {
	getOpenApi: {
		method: 'GET',
		path: '/openapi.json',
		summary: 'The operations of every function, as OpenAPI 3.1',
		status: 200,
	},
	getAsyncApi: {
		method: 'GET',
		path: '/asyncapi.json',
		summary: 'The events of the shop, as AsyncAPI 3.0',
		status: 200,
	},
	getDocs: { method: 'GET', path: '/docs', summary: 'A page that tries every operation out', status: 200 },
});
