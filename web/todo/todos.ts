import { useRef, useState } from 'react';
import type { Todo } from '../../functions/todo/api.ts';
import { ask } from '../api/ask.ts';
import { Problem } from '../api/problem.ts';
import { queries, refresh, useAnswer } from '../api/query.ts';
import { applied, type Change, settled } from './changes.ts';

/** The maximum length of a list. Fetching it whole gives correct counts and positions. */
const whole = { query: { limit: 1000 } };

/** @throws {Problem | Lost | TooSlow} */
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
				// Already deleted elsewhere, for example in another tab.
				if (!(error instanceof Problem && error.status === 404)) throw error;
			});
			return undefined;
		case 'clear':
			await ask('DELETE /api/todo', { query: { done: 'true' } });
			return undefined;
	}
}

/**
 * Returns the user's list with optimistic changes. Changes are sent one after another, so two moves of a todo keep
 * their order. Pending changes are only applied on top of the last response, so a rejected change disappears.
 */
export function useTodos() {
	const query = useAnswer('GET /api/todo', whole);
	const [pending, setPending] = useState<readonly Change[]>([]);
	const [failure, setFailure] = useState<unknown>();
	const last = useRef<Promise<unknown>>(Promise.resolve());

	/** Applies a change and resolves to whether the shop accepted it. */
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
			// Refetch changes made elsewhere. Cancel a fetch in flight, because it can be too early to include this change.
			if (last.current === turn) {
				await queries.cancelQueries({ queryKey: ['GET /api/todo'] });
				refresh('GET /api/todo');
			}
		}
	};

	const data = query.data && pending.reduce<readonly Todo[]>(applied, query.data);
	return { query: { data, error: query.error }, failure, act };
}
