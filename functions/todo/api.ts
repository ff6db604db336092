import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';
import { decimal } from '../../kit/fields/numeral.ts';
import { rowParams as params } from '../../kit/fields/row-id.ts';
import { line } from '../../kit/fields/text.ts';
import { pageQuery } from '../../kit/http/pagination.ts';

export const Todo = z
	.object({
		id: z.int(),
		title: z.string(),
		done: z.boolean(),
		status: z.enum(['Pending', 'Done']).describe('The value of `done` as a word.'),
		position: z.number().describe('Increases along the list; it can be fractional and have gaps.'),
		created_at: z.iso.datetime(),
	})
	.meta({
		id: 'Todo',
		examples: [
			{
				id: 1,
				title: 'Dust the shelves',
				done: false,
				status: 'Pending',
				position: 1,
				created_at: '2026-01-05T09:00:00.000Z',
			},
		],
	});
export type Todo = z.output<typeof Todo>;

const title = line(200);

const TodoChange = z
	.object({
		title: title.optional(),
		done: z.boolean().optional(),
		before: z
			.int()
			.min(1)
			.max(2_147_483_647)
			.nullable()
			.optional()
			.describe('Moves the todo in front of the one with this id; null moves it to the end of the list.'),
	})
	.refine((change) => Object.values(change).some((value) => value !== undefined), {
		error:
			'nothing to change: send title, done (true or false), or before (the id of another todo, or null for the end)',
	})
	.meta({
		id: 'TodoChange',
		examples: [{ done: true }],
		anyOf: [{ required: ['title'] }, { required: ['done'] }, { required: ['before'] }],
	});
export type TodoChange = z.output<typeof TodoChange>;

/** A `position`. The next page starts after it, even if the todo at that position was moved or deleted since. */
const after = decimal();
const done = z.enum(['true', 'false']).transform((text) => text === 'true');

/** Each signed-in user has a list; requests without a token use one public list. Todos of other lists answer 404. */
export const api = contract('/api/todo', {
	listTodos: {
		method: 'GET',
		path: '/',
		summary: 'Lists the todos in their order; ?done= selects those that are done or not done',
		access: 'optional',
		query: pageQuery(after).extend({ done: done.optional() }),
		returns: z.array(Todo),
	},
	addTodo: {
		method: 'POST',
		path: '/',
		summary: 'Adds a todo to the end of the list, which holds at most a thousand',
		access: 'optional',
		body: z.object({ title }).meta({ examples: [{ title: 'Dust the shelves' }] }),
		status: 201,
		returns: Todo,
		problems: [409],
	},
	getTodo: {
		method: 'GET',
		path: '/:id',
		summary: 'Returns one todo',
		access: 'optional',
		params,
		returns: Todo,
		problems: [404],
	},
	changeTodo: {
		method: 'PATCH',
		path: '/:id',
		summary: 'Renames a todo, marks it as done or not done, or moves it',
		access: 'optional',
		params,
		body: TodoChange,
		returns: Todo,
		problems: [404, 409],
	},
	removeTodo: {
		method: 'DELETE',
		path: '/:id',
		summary: 'Deletes a todo',
		access: 'optional',
		params,
		status: 204,
		problems: [404],
	},
	clearTodos: {
		method: 'DELETE',
		path: '/',
		summary: 'Deletes all todos that are done and returns how many; requires ?done=true',
		access: 'optional',
		// Without this parameter, a DELETE that lacks the id would delete the list.
		query: z.object({
			done: z.literal('true', { error: 'send ?done=true to delete all todos that are done, or DELETE one by its id' }),
		}),
		returns: z.object({ deleted: z.int().nonnegative() }).meta({ examples: [{ deleted: 3 }] }),
	},
});
