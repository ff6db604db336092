import { expect, onTestFinished, test } from 'vitest';
import { delivery } from '../../eventing/delivery.ts';
import { asAdmin, breakFunction, eventually, faults, post, visit } from './setup/visitor.ts';

const bill = { user_id: 7, number_of_items: 2, total_amount: '59.98' };

const appears = (at: string) =>
	eventually(
		`the invoice at ${at}`,
		async () => {
			const answer = await visit('gateway', at);
			return answer.status === 200 && answer.json;
		},
		280,
	);

const eventsOf = async (type: string, subject: string) =>
	(await visit('gateway', `/api/events?type=${type}&subject=${subject}`)).json;

const deliveryOf = async (id: string) => (await eventsOf('dev.bodega.billing.requested', id))[0].deliveries[0];

/** Asks for an invoice while billing's consumer is broken: the wish is taken, tried in vain, and there is no invoice. */
async function askWhileBroken(): Promise<{ at: string; id: string }> {
	const answer = await post('/api/billing', bill);
	expect(answer.status).toBe(202);
	const { id } = answer.json;
	const at = String(answer.headers['location']);
	expect((await visit('gateway', at)).status).toBe(404);
	expect(await deliveryOf(id)).toMatchObject({ trigger: 'billing-on-billing-requested', handled_at: null });
	return { at, id };
}

async function isThereOnce({ at, id }: { at: string; id: string }): Promise<void> {
	expect(await appears(at)).toMatchObject({ id, ...bill });
	const issued = await eventually('invoice.issued is in the log', async () => {
		const events = await eventsOf('dev.bodega.invoice.issued', id);
		return events.length > 0 && events;
	});
	expect(issued).toHaveLength(1);
	const { json } = await visit('gateway', '/api/billing?limit=1000', { headers: asAdmin });
	expect(json.filter((invoice: { id: string }) => invoice.id === id)).toHaveLength(1);
}

test('billing’s consumer is broken and mended: the invoice is there, once', async () => {
	const mend = await breakFunction('billing-events');
	const asked = await askWhileBroken();
	await mend();
	await isThereOnce(asked);
});

test('the broker loses its memory while billing is broken: the invoice is still there, once', async () => {
	const mend = await breakFunction('billing-events');
	const asked = await askWhileBroken();
	await faults.loseBrokerMemory();
	await mend();
	await isThereOnce(asked);
	// What brought it back was the relay.
	const [requested] = await eventsOf('dev.bodega.billing.requested', asked.id);
	expect(requested.relays).toBeGreaterThan(0);
});

test('what is given up on is a dead letter with its error, and handled once it is replayed', async () => {
	const trigger = 'billing-on-billing-requested';
	onTestFinished(() => faults.setRetries(trigger, delivery.retry));
	await faults.setRetries(trigger, 1);
	const mend = await breakFunction('billing-events');
	const asked = await askWhileBroken();
	const letter = await eventually(
		'the event is given up on',
		async () => {
			const { json } = await visit('gateway', '/api/dead-letters', { headers: asAdmin });
			return json.find(({ event }: { event: { subject: string } }) => event.subject === asked.id);
		},
		280,
	);
	expect(letter).toMatchObject({ trigger, code: 500, event: { data: { user_id: 7 } } });
	expect(letter.error).toContain('ECONNREFUSED');
	expect(await deliveryOf(asked.id)).toMatchObject({ status: 'dead' });
	await mend();
	const replay = await post(`/api/dead-letters/${letter.id}/replay`, undefined, asAdmin);
	expect(replay.status).toBe(202);
	await isThereOnce(asked);
	expect(await deliveryOf(asked.id)).toMatchObject({ status: 'handled' });
	const { json } = await visit('gateway', '/api/dead-letters', { headers: asAdmin });
	expect(json.map(({ id }: { id: string }) => id)).not.toContain(letter.id);
	expect((await visit('gateway', '/api/dead-letters')).status).toBe(401);
});
