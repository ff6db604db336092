import { useRef, useState } from 'react';
import type { Todo } from '../../functions/todo/api.ts';
import { ask } from '../api/ask.ts';
import { Problem } from '../api/problem.ts';
import { queries, refresh, useAnswer } from '../api/query.ts';
import { applied, type Change, settled } from './changes.ts';

/** As many as a list can hold: so there is one order, and one count, of all of them. */
const whole = { query: { limit: 1000 } };

/** Has the shop do it too. @throws {Problem | Lost | TooSlow} */
async function send(change: Change): Promise<Todo | undefined> {
	switch (change.kind) {
		case 'add':
			return await ask('POST /api/todo', { body: { title: change.title } });
		case 'edit': {
			const { kind: _, id, ...body } = change;
			return await ask('PATCH /api/todo/:id', { params: { id }, body });
		}
		case 'move':
			return await ask('PATCH /api/todo/:id', { params: { id: change.id }, body: { before: change.before } });
		case 'remove':
			await ask('DELETE /api/todo/:id', { params: { id: change.id } }).catch((error) => {
				// Somebody else has deleted it: it is gone, as was wanted.
				if (!(error instanceof Problem && error.status === 404)) throw error;
			});
			return undefined;
		case 'clear':
			await ask('DELETE /api/todo', { query: { done: 'true' } });
			return undefined;
	}
}

/**
 * The list of who looks, with what they do to it shown at once. The shop is told of one change after the other, so that two
 * moves of one todo do not overtake each other; what it refuses is undone, for it is only laid over what the shop last said.
 */
export function useTodos() {
	const query = useAnswer('GET /api/todo', whole);
	const [pending, setPending] = useState<readonly Change[]>([]);
	const [failure, setFailure] = useState<unknown>();
	const last = useRef<Promise<unknown>>(Promise.resolve());

	/** Whether it went well. */
	const act = async (change: Change): Promise<boolean> => {
		setPending((before) => [...before, change]);
		setFailure(undefined);
		const sent = last.current.then(() => send(change));
		const turn = sent.catch(() => {});
		last.current = turn;
		try {
			const said = await sent;
			queries.setQueryData<readonly Todo[]>(['GET /api/todo', whole], (todos) => todos && settled(todos, change, said));
			return true;
		} catch (error) {
			setFailure(error);
			return false;
		} finally {
			setPending((before) => before.filter((each) => each !== change));
			// What others have done to it meanwhile. A first look that is under way may have come too early to see this change.
			if (last.current === turn) {
				await queries.cancelQueries({ queryKey: ['GET /api/todo'] });
				refresh('GET /api/todo');
			}
		}
	};

	const data = query.data && pending.reduce<readonly Todo[]>(applied, query.data);
	return { query: { data, error: query.error }, failure, act };
}
