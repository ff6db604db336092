import { type Exchange, implement } from '../../kit/http/http.ts';
import { page } from '../../kit/http/pagination.ts';
import { found, notFound } from '../../kit/http/problem.ts';
import { api } from './api.ts';
import * as todos from './todos.ts';

const listOf = ({ identity }: Exchange): string => identity?.id ?? 'shared';

export const operations = implement(api, {
	async listTodos({ query: { limit, after, done } }, { db }, exchange) {
		const found = await todos.read(db, listOf(exchange), limit + 1, after, done);
		return page(found, limit, (todo) => todo.position, exchange);
	},

	addTodo({ body: { title } }, context, exchange) {
		return context.transaction((tx) => todos.add(tx, listOf(exchange), title));
	},

	async changeTodo({ params: { id }, body }, context, exchange) {
		return found(await context.transaction((tx) => todos.change(tx, listOf(exchange), id, body)), 'todo', id);
	},

	async removeTodo({ params: { id } }, { db }, exchange) {
		if (!(await todos.remove(db, listOf(exchange), id))) throw notFound('todo', id);
		return undefined;
	},

	async clearTodos(_input, context, exchange) {
		return { deleted: await context.transaction((tx) => todos.clear(tx, listOf(exchange))) };
	},
});
