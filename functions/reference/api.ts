import { contract } from '../../kit/declare/contract.ts';

export const api = contract('/api', {
	getOpenApi: {
		method: 'GET',
		path: '/openapi.json',
		summary: 'Returns the operations of every function as an OpenAPI 3.1 document',
		status: 200,
	},
	getAsyncApi: {
		method: 'GET',
		path: '/asyncapi.json',
		summary: 'Returns the events of the shop as an AsyncAPI 3.0 document',
		status: 200,
	},
	getDocs: {
		method: 'GET',
		path: '/docs',
		summary: 'Returns a page on which you can try every operation',
		status: 200,
	},
});
