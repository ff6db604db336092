import type { Todo } from '../../../../functions/todo/api.ts';
import type { Account } from '../../account.ts';
import { type OpenPart, part } from '../../part.ts';
import { invariants, type State } from './invariants.ts';
import { ListKeeper } from './list-keeper.ts';

/** Users with a list each. */
const open: OpenPart = async (scene) => {
	const users: Account[] = [await scene.account('Gus'), await scene.account('Hal')];
	const read = async (): Promise<State> => {
		const lists = new Map<string, readonly Todo[]>();
		for (const user of users) {
			await user.authorize();
			lists.set(user.name, await user.list<Todo>('/api/todo?limit=1000'));
		}
		return { lists };
	};
	return part(
		scene,
		users.map((user) => new ListKeeper(scene, user)),
		read,
		invariants,
	);
};

export default open;
