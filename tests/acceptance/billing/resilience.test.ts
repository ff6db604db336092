import { expect, onTestFinished, test } from 'vitest';
import { delivery } from '../../../eventing/delivery.ts';
import { asAdmin, breakFunction, eventually, faults, post, visit } from '../setup/visitor.ts';

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
	(await visit('gateway', `/api/events?type=${type}&subject=${subject}`, { headers: asAdmin })).json;

const deliveryOf = async (id: string) => (await eventsOf('dev.bodega.billing.requested', id))[0].deliveries[0];

/** Requests an invoice while billing's consumer is broken; checks that the request is accepted and not handled. */
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

test('issues an invoice exactly once after billing’s consumer is repaired', async () => {
	const mend = await breakFunction('billing-events');
	const asked = await askWhileBroken();
	await mend();
	await isThereOnce(asked);
});

test('issues an invoice exactly once when the broker loses its memory while billing is broken', async () => {
	const mend = await breakFunction('billing-events');
	const asked = await askWhileBroken();
	await faults.loseBrokerMemory();
	await mend();
	await isThereOnce(asked);
	// The relay republished the event.
	const [requested] = await eventsOf('dev.bodega.billing.requested', asked.id);
	expect(requested.relays).toBeGreaterThan(0);
});

test('an event that is out of retries becomes a dead letter with its error, and a replay handles it', async () => {
	const trigger = 'billing-on-billing-requested';
	onTestFinished(() => faults.setRetries(trigger, delivery.retry));
	await faults.setRetries(trigger, 1);
	const mend = await breakFunction('billing-events');
	const asked = await askWhileBroken();
	const letter = await eventually(
		'the event is a dead letter',
		async () => {
			const { json } = await visit('gateway', '/api/dead-letters', { headers: asAdmin });
			return json.find(({ event }: { event: { subject: string } }) => event.subject === asked.id);
		},
		280,
	);
	expect(letter).toMatchObject({ trigger, code: 503, event: { data: { user_id: 7 } } });
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
