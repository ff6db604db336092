import type { StoredEvent } from '../../../eventing/outbox.ts';
import type { Queryable, Transaction } from '../../../kit/data/database.ts';
import { type Fault, Problem } from '../../../kit/http/problem.ts';
import { broker, type Drill, type DrillInput } from './drill.ts';

const drills = `select function, kind, milliseconds, percent, type, event, started_by, started_at, ends_at,
	greatest(0, extract(epoch from ends_at - clock_timestamp()))::float8 as seconds_left,
	(select count(*) from eventing.missed_in_drill(r.function)) as waiting
	from eventing.active_drills r`;

export async function list(db: Queryable): Promise<Drill[]> {
	const { rows } = await db.query<Drill>(`${drills} order by function`);
	return rows;
}

export async function find(db: Queryable, fn: string): Promise<Drill | undefined> {
	const { rows } = await db.query<Drill>(`${drills} where function = $1`, [fn]);
	return rows[0];
}

/**
 * Starts a drill. Also extends or changes an active one, which still counts from its start.
 * @param startedBy the id of an account
 * @throws {Problem} 404 when the function does not react to events, 422 when the input does not fit its kind
 */
export async function start(
	db: Queryable,
	fn: string,
	input: DrillInput,
	startedBy: string | undefined,
): Promise<Drill> {
	check(fn, input, await reactions(db, fn));
	const { kind, minutes, type } = input;
	const milliseconds = kind === 'latency' ? (input.milliseconds ?? 1000) : undefined;
	const percent = kind === 'failures' ? (input.percent ?? 50) : undefined;
	// An extended drill keeps its start, and the event that it has poisoned.
	const isActive = 'exists (select from eventing.active_drills a where a.function = r.function)';
	const goesOn = `r.type = excluded.type and ${isActive}`;
	await db.query(
		`insert into eventing.drills as r (function, ends_at, kind, milliseconds, percent, type, started_by)
		 values ($1, now() + make_interval(mins => $2), $3, $4, $5, $6, $7)
		 on conflict (function) do update set ends_at = excluded.ends_at, kind = excluded.kind,
			milliseconds = excluded.milliseconds, percent = excluded.percent, type = excluded.type, started_by = excluded.started_by,
			source = case when ${goesOn} then r.source end, event = case when ${goesOn} then r.event end,
			started_at = case when ${isActive} then r.started_at else now() end`,
		[fn, minutes, kind, milliseconds, percent, type, startedBy],
	);
	return (await find(db, fn)) as Drill;
}

/** Returns the types of events that a function reacts to. @throws {Problem} 404 when there are none */
async function reactions(db: Queryable, fn: string): Promise<string[]> {
	if (fn === broker) return [];
	const { rows } = await db.query<{ function: string; type: string }>(
		'select function, type from eventing.triggers order by function, type',
	);
	const types = rows.filter((trigger) => trigger.function === fn).map(({ type }) => type);
	if (types.length) return types;
	const able = [...new Set(rows.map((trigger) => trigger.function)), broker];
	throw new Problem(
		404,
		`No function "${fn}" reacts to events, so no drill was started. Expected one of: ${able.join(', ')}.`,
	);
}

/** @throws {Problem} 422 that names each field that does not fit */
function check(fn: string, input: DrillInput, types: readonly string[]): void {
	const faults: Fault[] = [];
	const fault = (field: keyof DrillInput, detail: string): void => void faults.push({ field: `body.${field}`, detail });
	if (fn === broker && input.kind !== 'broker')
		fault('kind', `expected "broker", the only drill of the Broker, found "${input.kind}"`);
	if (fn !== broker && input.kind === 'broker')
		fault('kind', `expected a drill of a function, found "broker"; send that to PUT /api/drills/${broker}`);
	for (const [field, kind] of [
		['milliseconds', 'latency'],
		['percent', 'failures'],
		['type', 'poison'],
	] as const)
		if (input[field] !== undefined && input.kind !== kind)
			fault(field, `expected only with the kind "${kind}", found "${input[field]}" with the kind "${input.kind}"`);
	if (input.kind === 'poison' && !types.includes(input.type ?? '')) {
		const found = input.type === undefined ? 'nothing' : `"${input.type}"`;
		fault('type', `expected a type that ${fn} reacts to, found ${found}: ${types.join(', ')}`);
	}
	if (faults.length)
		throw new Problem(
			422,
			`The drill does not fit its kind: ${faults.map(({ field, detail }) => `${field}: ${detail}`).join('; ')}.`,
			{
				errors: faults,
			},
		);
}

/**
 * Ends a drill, even one that has expired: one that ends at its start. Returns the events to publish again. Later retries by
 * the broker do no harm, because the inbox rejects duplicates.
 * @throws {Problem} 404 when the function has no drill, or the relay has ended it
 */
export async function end(tx: Transaction, fn: string): Promise<StoredEvent[]> {
	const { rowCount } = await tx.query(
		'update eventing.drills set ends_at = started_at where function = $1 and ends_at > started_at',
		[fn],
	);
	if (rowCount === 0)
		throw new Problem(404, `No drill of "${fn}" is left to end. GET /api/drills lists the active drills.`);
	const { rows } = await tx.query<StoredEvent>('select * from eventing.recover_from_drill($1)', [fn]);
	return rows;
}
