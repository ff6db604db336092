import type { InvoiceRequest } from '../../../../functions/billing/api.ts';
import { outcomeOf } from '../../history.ts';
import type { Client, Scene } from '../../part.ts';
import { pause } from '../../pause.ts';
import type { Random } from '../../random.ts';
import type { Visitor } from '../../visitor.ts';

/** Requests invoices. The user's number is the request's own, and finds its invoice again. */
export class InvoiceCustomer implements Client {
	readonly name = 'Fay';
	readonly pause = [0.3, 1.5] as const;
	readonly #visitor: Visitor;
	readonly #random: Random;
	readonly #giveUp: AbortSignal;
	#location: string | undefined;

	constructor(scene: Scene) {
		this.#giveUp = scene.giveUp;
		this.#visitor = scene.visitor(this.name);
		// The numbers are not from the seed, because a shop can outlive a run.
		this.#random = scene.random.fork(`${this.name} ${scene.run}`);
	}

	async step(): Promise<void> {
		if (this.#location !== undefined && this.#random.chance(0.5)) {
			await this.#visitor.ask('GET', this.#location, { right: [200, 404] });
			return;
		}
		await this.#request({
			user_id: this.#random.whole(1, 2_147_483_647),
			number_of_items: this.#random.whole(1, 9),
			total_amount: `${this.#random.whole(1, 999)}.50`,
		});
	}

	/** Repeats a request until its outcome is known. */
	async #request(body: InvoiceRequest): Promise<void> {
		const headers = { 'idempotency-key': `invoice ${body.user_id}` };
		for (;;) {
			const answer = await this.#visitor.ask('POST', '/api/billing', { body, headers });
			if (outcomeOf(answer) === 'done') this.#location = `/api/billing/${(answer.whole as { id: string }).id}`;
			if (outcomeOf(answer) !== 'unknown' || this.#giveUp.aborted) return;
			await pause(this.#random.between(0.1, 1), this.#giveUp);
		}
	}
}
