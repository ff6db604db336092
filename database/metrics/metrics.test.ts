import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { databaseProxy } from '../../tests/database-proxy.ts';
import { roleUrl } from '../../tests/run/owner.ts';
import { asOwner, freshDatabase, listen, recordedLog } from '../../tests/testing.ts';
import { monitor } from '../roles.ts';
import { expose, type Metric } from './exposition.ts';
import { Histogram } from './histogram.ts';
import { createMetricsServer, DatabaseMetrics } from './server.ts';

/** Reads `/metrics` for a database, and returns the values by the names of the samples. */
async function told(url: string): Promise<Map<string, number>> {
	const metrics = new DatabaseMetrics(url);
	onTestFinished(() => metrics.close());
	const answer = await fetch(`${await listen(createMetricsServer(metrics))}/metrics`);
	expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
	const lines = (await answer.text()).split('\n').filter((line) => line && !line.startsWith('#'));
	return new Map(
		lines.map((line) => {
			const space = line.lastIndexOf(' ');
			return [line.slice(0, space), Number(line.slice(space + 1))];
		}),
	);
}

test('reports waiting events, dead letters and the state of the database', async () => {
	const ownerUrl = await freshDatabase();
	const before = await told(roleUrl(ownerUrl, monitor));
	expect(before.get('bodega_outbox_unhandled_events')).toBe(0);
	expect(before.get('bodega_outbox_oldest_unhandled_age_seconds')).toBe(0);
	await asOwner(ownerUrl, async (owner) => {
		const event = `insert into eventing.events (id, source, type, subject, time, dataschema, traceparent, data)
			values ($1, '/functions/loans', 'dev.bodega.loan.requested', '1', now() - make_interval(secs => $2), '', '', '{}')`;
		const [waiting, handled, given] = [randomUUID(), randomUUID(), randomUUID()];
		await owner.query(event, [waiting, 600]);
		await owner.query(event, [handled, 900]);
		await owner.query(event, [given, 1200]);
		await owner.query(
			`insert into eventing.deliveries (source, id, trigger, attempts, handled_at)
			 select '/functions/loans', $1, name, 1, now() from eventing.triggers where type = 'dev.bodega.loan.requested'`,
			[handled],
		);
		await owner.query(
			`insert into eventing.deliveries (source, id, trigger, attempts)
			 select '/functions/loans', $1, name, 1 from eventing.triggers where type = 'dev.bodega.loan.requested'`,
			[waiting],
		);
		await owner.query(
			`insert into eventing.dead_letters (source, event_id, trigger, event)
			 select '/functions/loans', $1, name, '{}' from eventing.triggers where type = 'dev.bodega.loan.requested'`,
			[given],
		);
		await owner.query(`insert into eventing.refusals (trigger, count) values ('shelves-on-loan-requested', 3)`);
	});
	const after = await told(roleUrl(ownerUrl, monitor));
	expect(after.get('bodega_outbox_unhandled_events')).toBe(1);
	expect(after.get('bodega_outbox_unsettled_events')).toBe(3);
	expect(Math.round((after.get('bodega_outbox_oldest_unhandled_age_seconds') ?? 0) / 60)).toBe(10);
	expect(after.get('bodega_deliveries_failing{trigger="shelves-on-loan-requested"}')).toBe(1);
	expect(after.get('bodega_dead_letters{trigger="shelves-on-loan-requested"}')).toBe(1);
	expect(after.get('bodega_dead_letters{trigger="fines-on-copy-reserved"}')).toBe(0);
	expect(after.get('bodega_events_refused_total{trigger="shelves-on-loan-requested"}')).toBe(3);
	expect(after.get('bodega_events_refused_total{trigger="fines-on-copy-reserved"}')).toBe(0);
	const datname = new URL(ownerUrl).pathname.slice(1);
	expect(after.get('pg_up')).toBe(1);
	expect(after.get(`pg_database_size_bytes{datname="${datname}"}`)).toBeGreaterThan(1_000_000);
	expect(after.get(`pg_stat_activity_count{datname="${datname}",usename="bodega_metrics"}`)).toBeGreaterThan(0);
	expect(after.get('pg_settings_max_connections')).toBe(300);
});

test('denies the monitoring role access to events and users', async () => {
	await asOwner(roleUrl(await freshDatabase(), monitor), async (client) => {
		for (const table of ['eventing.events', 'eventing.deliveries', 'eventing.dead_letters', 'users.users'])
			await expect(client.query(`select from ${table}`), table).rejects.toThrow('permission denied');
	});
});

test('reports pg_up 0 when the database does not answer', async () => {
	recordedLog();
	expect([...(await told('postgresql://nobody:none@127.0.0.1:9/none'))]).toEqual([['pg_up', 0]]);
});

test('reports pg_up 0 within seconds when the connection is silent, and then 1 again', async () => {
	recordedLog();
	const proxy = await databaseProxy(await freshDatabase());
	const metrics = new DatabaseMetrics(roleUrl(proxy.url, monitor));
	onTestFinished(() => metrics.close());
	const isUp = async (): Promise<unknown> =>
		(await metrics.read()).find(({ name }) => name === 'pg_up')?.samples[0]?.value;
	expect(await isUp()).toBe(1);
	proxy.swallow();
	expect(await isUp()).toBe(0);
	expect(await isUp()).toBe(1);
}, 20_000);

test('writes the text format of Prometheus', () => {
	const metric: Metric = {
		name: 'one',
		help: 'Two\nlines.',
		type: 'gauge',
		samples: [{ labels: { path: 'a "b"\\c\n' }, value: 0.5 }, { value: Number.POSITIVE_INFINITY }],
	};
	expect(expose([metric])).toBe(
		'# HELP one Two\\nlines.\n# TYPE one gauge\none{path="a \\"b\\"\\\\c\\n"} 0.5\none +Inf\n',
	);
});

test('accumulates the buckets of a histogram', () => {
	const histogram = new Histogram();
	for (const seconds of [0.005, 0.02, 11]) histogram.observe({ fn: 'a' }, seconds);
	const lines = expose([{ name: 'seconds', help: 'How long.', type: 'histogram', samples: histogram.samples }]).split(
		'\n',
	);
	expect(lines).toContain('seconds_bucket{fn="a",le="0.005"} 1');
	expect(lines).toContain('seconds_bucket{fn="a",le="10"} 2');
	expect(lines).toContain('seconds_bucket{fn="a",le="+Inf"} 3');
	expect(lines).toContain('seconds_sum{fn="a"} 11.025');
	expect(lines).toContain('seconds_count{fn="a"} 3');
});
