import type { Todo } from '../../../../functions/todo/api.ts';
import type { Account } from '../../account.ts';
import { outcomeOf } from '../../history.ts';
import type { Client, Scene } from '../../part.ts';
import type { Random } from '../../random.ts';

/** Adds, completes and deletes todos of its own list. Each title is its own. */
export class ListKeeper implements Client {
	readonly name: string;
	readonly pause = [0.2, 1] as const;
	readonly #user: Account;
	readonly #random: Random;
	readonly #ids: number[] = [];
	#count = 0;

	constructor({ random }: Scene, user: Account) {
		this.name = user.name;
		this.#user = user;
		this.#random = random.fork(user.name);
	}

	async step(): Promise<void> {
		if (!(await this.#user.authorize())) return;
		const choice = this.#random.next();
		const id = this.#ids.length ? this.#random.pick(this.#ids) : undefined;
		if (choice < 0.5 || id === undefined) await this.#add();
		else if (choice < 0.7)
			await this.#user.ask('PATCH', `/api/todo/${id}`, { body: { done: this.#random.chance(0.5) } });
		else if (choice < 0.8) await this.#remove(id);
		else await this.#user.ask('GET', '/api/todo?limit=20');
	}

	async #add(): Promise<void> {
		this.#count += 1;
		const answer = await this.#user.ask('POST', '/api/todo', { body: { title: `todo ${this.#count}` } });
		if (outcomeOf(answer) === 'done') this.#ids.push((answer.whole as Todo).id);
	}

	/** Deletes a todo, and leaves it alone from then on, because its fate can be unknown. */
	async #remove(id: number): Promise<void> {
		this.#ids.splice(this.#ids.indexOf(id), 1);
		await this.#user.ask('DELETE', `/api/todo/${id}`);
	}
}
