import type { Transaction } from '../../kit/data/database.ts';
import { type Exchange, implement } from '../../kit/http/http.ts';
import { page } from '../../kit/http/pagination.ts';
import { found, notFound } from '../../kit/http/problem.ts';
import type { Context } from '../../kit/serve/context.ts';
import { api } from './api.ts';
import * as todos from './todos.ts';

const listOf = ({ identity }: Exchange): string => identity?.id ?? 'shared';

/** Changes of one list wait for its lock, and leave the connections to other lists. */
function inList<T>(
	context: Context,
	exchange: Exchange,
	work: (tx: Transaction, list: string) => Promise<T>,
): Promise<T> {
	const list = listOf(exchange);
	return context.transaction((tx) => work(tx, list), { lane: list });
}

export const operations = implement(api, {
	async listTodos({ query: { limit, after, done } }, { db }, exchange) {
		const found = await todos.read(db, listOf(exchange), limit + 1, after, done);
		return page(found, limit, (todo) => todo.position, exchange);
	},

	addTodo({ body: { title } }, context, exchange) {
		return inList(context, exchange, (tx, list) => todos.add(tx, list, title));
	},

	async getTodo({ params: { id } }, { db }, exchange) {
		return found(await todos.find(db, listOf(exchange), id), 'todo', id);
	},

	async changeTodo({ params: { id }, body }, context, exchange) {
		return found(await inList(context, exchange, (tx, list) => todos.change(tx, list, id, body)), 'todo', id);
	},

	async removeTodo({ params: { id } }, { db }, exchange) {
		if (!(await todos.remove(db, listOf(exchange), id))) throw notFound('todo', id);
		return undefined;
	},

	async clearTodos(_input, context, exchange) {
		return { deleted: await inList(context, exchange, todos.clear) };
	},
});
