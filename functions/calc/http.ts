import { numberAsWritten } from '../../kit/fields/numeral.ts';
import { implement } from '../../kit/http/http.ts';
import { api } from './api.ts';
import { add, divide, multiply, subtract } from './arithmetic.ts';

const answer = (result: string) => ({ result: numberAsWritten(result) });

export const operations = implement(api, {
	add: ({ query: { a, b } }) => answer(add([a, b])),
	addMany: ({ body }) => answer(add(body)),
	subtract: ({ query: { a, b } }) => answer(subtract([a, b])),
	subtractMany: ({ body }) => answer(subtract(body)),
	multiply: ({ query: { a, b } }) => answer(multiply([a, b])),
	multiplyMany: ({ body }) => answer(multiply(body)),
	divide: ({ query: { a, b } }) => answer(divide([a, b])),
	divideMany: ({ body }) => answer(divide(body)),
});
