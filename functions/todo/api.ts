import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';
import { pageQuery } from '../../kit/http/page.ts';

export const Todo = z
	.object({
		id: z.int(),
		title: z.string(),
		done: z.boolean(),
		status: z.enum(['Pending', 'Done']).describe('`done` in a word.'),
		position: z.number().describe('Ascends along the list; neither whole nor without gaps.'),
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

const title = z.string().trim().min(1).max(200);

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
			.describe('Moves it in front of the todo with this id, or with null to the end of the list.'),
	})
	.meta({ id: 'TodoChange', examples: [{ done: true }] })
	.refine((change) => Object.values(change).some((value) => value !== undefined), {
		error: 'nothing to change: send a title, done (true or false), or before (the id of another, or null for the end)',
	});
export type TodoChange = z.output<typeof TodoChange>;

/** `integer` in the database. */
const params = z.object({
	id: z.coerce
		.number()
		.int()
		.min(1)
		.max(2_147_483_647)
		.meta({ examples: [1] }),
});

/** A `position`: the page goes on after it, though the todo that was there be moved or deleted by then. */
const after = z.string().trim().min(1).pipe(z.coerce.number());
const done = z.enum(['true', 'false']).transform((text) => text === 'true');

/** Whoever is signed in has a list; without a token it is the list that the world shares. Another's todos are 404. */
export const api = contract('/api/todo', {
	listTodos: {
		method: 'GET',
		path: '/',
		summary: 'The list in its order; with ?done= what is done, or what is not',
		access: 'optional',
		query: pageQuery(after).extend({ done: done.optional() }),
		returns: z.array(Todo),
	},
	addTodo: {
		method: 'POST',
		path: '/',
		summary: 'Adds to the end of the list, which holds a thousand',
		access: 'optional',
		body: z.object({ title }).meta({ examples: [{ title: 'Dust the shelves' }] }),
		status: 201,
		returns: Todo,
		problems: [409],
	},
	changeTodo: {
		method: 'PATCH',
		path: '/:id',
		summary: 'Renames, marks, or moves in front of another',
		access: 'optional',
		params,
		body: TodoChange,
		returns: Todo,
		problems: [404, 409],
	},
	removeTodo: {
		method: 'DELETE',
		path: '/:id',
		summary: 'Deletes one',
		access: 'optional',
		params,
		status: 204,
		problems: [404],
	},
	clearTodos: {
		method: 'DELETE',
		path: '/',
		summary: 'Deletes what is done, and tells how many that were; ?done=true must say so',
		access: 'optional',
		// Without it a forgotten id would delete the list.
		query: z.object({
			done: z.literal('true', { error: 'send ?done=true to delete what is done, or DELETE one by its id' }),
		}),
		returns: z.object({ deleted: z.int().nonnegative() }).meta({ examples: [{ deleted: 3 }] }),
	},
});
