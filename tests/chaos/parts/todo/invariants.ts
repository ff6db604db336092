import type { Todo } from '../../../../functions/todo/api.ts';
import { claimsNothing, type Exchange, outcomeOf } from '../../history.ts';
import type { Invariant, Recorded } from '../../invariants/invariant.ts';

export interface State {
	/** The list of each client. */
	readonly lists: ReadonlyMap<string, readonly Todo[]>;
}

const of = ({ exchanges }: Recorded, client: string, operation: string): Exchange[] =>
	exchanges.filter((each) => each.fn === 'todo' && each.client === client && each.operation === operation);
const titleOf = ({ body }: Exchange): string => (body as Pick<Todo, 'title'>).title;
const idOf = ({ path }: Exchange): number => Number(path.split('/').at(-1));

/** Checks each client's list. */
const eachList =
	(check: (history: Recorded, client: string, todos: readonly Todo[]) => readonly string[]) =>
	(history: Recorded, { lists }: State): readonly string[] =>
		[...lists].flatMap(([client, todos]) => check(history, client, todos).map((found) => `${client}: ${found}`));

export const invariants: readonly Invariant<State>[] = [
	{
		claim: 'every acknowledged todo is in its list once, unless its user deleted it, and no other is there twice',
		violations: eachList((history, client, todos) => {
			const removed = new Set(of(history, client, 'removeTodo').map(idOf));
			const byTitle = Map.groupBy(todos, ({ title }) => title);
			return of(history, client, 'addTodo').flatMap((added) => {
				const found = (byTitle.get(titleOf(added)) ?? []).length;
				const isPromised = outcomeOf(added) === 'done' && !removed.has((added.answer as Todo).id);
				return found === 1 || (found === 0 && !isPromised)
					? []
					: `"${titleOf(added)}" was answered ${added.status} and is there ${found} times`;
			});
		}),
	},
	{
		claim: 'a deleted todo is gone',
		violations: eachList((history, client, todos) => {
			const ids = new Set(todos.map(({ id }) => id));
			return of(history, client, 'removeTodo')
				.filter((removal) => outcomeOf(removal) === 'done' && ids.has(idOf(removal)))
				.map((removal) => `${removal.path} was deleted after ${Math.round(removal.ended)} ms and is there`);
		}),
	},
	{
		claim: 'a todo is done or not as its last change says',
		violations: eachList((history, client, todos) => {
			const changes = Map.groupBy(of(history, client, 'changeTodo'), idOf);
			return todos.flatMap(({ id, done }) => {
				const known = changes.get(id) ?? [];
				const last = known.at(-1);
				// A change with an unknown outcome can take effect late, after those that follow it.
				if (!last || known.some((change) => outcomeOf(change) !== 'done')) return [];
				const { done: expected } = last.body as Pick<Todo, 'done'>;
				return done === expected ? [] : `todo ${id} is done: ${done}, expected ${expected}`;
			});
		}),
	},
	{
		claim: 'no answer says that nothing was changed when a todo was added',
		violations: eachList((history, client, todos) => {
			const titles = new Set(todos.map(({ title }) => title));
			return of(history, client, 'addTodo')
				.filter((added) => claimsNothing(added) && titles.has(titleOf(added)))
				.map((added) => `"${titleOf(added)}" was answered ${JSON.stringify(added.answer)} and is there`);
		}),
	},
];
