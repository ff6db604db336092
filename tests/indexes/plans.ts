import pg from 'pg';
import { onTestFinished, vi } from 'vitest';
import { asOwner } from '../testing.ts';

/** How one execution of a statement read the tables. */
export interface Execution {
	/** The text of the statement, in one line. A statement inside a database function is one of its own. */
	readonly statement: string;
	/** The rows that it returned, changed or deleted. */
	readonly rows: number;
	readonly scans: readonly Scan[];
	/** The names of the indexes that it used. Those of partitions count as that of their table. */
	readonly indexes: readonly string[];
}

export interface Scan {
	/** The table with its schema. The partitions of a table count as that table. */
	readonly table: string;
	/** Whether it used no index. */
	readonly isSequential: boolean;
	/** The rows that it read. */
	readonly read: number;
	/** Those of them that it read in vain, because they did not match. */
	readonly dropped: number;
}

/** A node of a plan, as `EXPLAIN (ANALYZE, FORMAT JSON)` prints it. */
interface Node {
	readonly 'Node Type': string;
	readonly Schema?: string;
	readonly 'Relation Name'?: string;
	readonly 'Index Name'?: string;
	readonly 'Actual Rows'?: number;
	readonly 'Actual Loops'?: number;
	readonly 'Rows Removed by Filter'?: number;
	readonly 'Rows Removed by Index Recheck'?: number;
	readonly Plans?: readonly Node[];
}

/** The rows from which on the plan of a partition counts. */
const smallest = 500;

/**
 * Makes Postgres report the plan of every statement that a connection to this database executes from now on: the plan that
 * it used, with real values or, once it prefers that for a prepared statement, without. No statement can be forgotten.
 * @param seen is called with each
 */
export async function followPlans(ownerUrl: string, seen: (execution: Execution) => void): Promise<void> {
	const name = pg.escapeIdentifier(new URL(ownerUrl).pathname.slice(1));
	const settings = {
		session_preload_libraries: 'auto_explain',
		'auto_explain.log_min_duration': '0',
		'auto_explain.log_nested_statements': 'on',
		'auto_explain.log_analyze': 'on',
		'auto_explain.log_timing': 'off',
		'auto_explain.log_verbose': 'on',
		'auto_explain.log_format': 'json',
		'auto_explain.log_level': 'notice',
	};
	const partitions = await asOwner(ownerUrl, async (db) => {
		for (const [setting, value] of Object.entries(settings))
			await db.query(`load 'auto_explain'; alter database ${name} set ${setting} = '${value}'`);
		const { rows } = await db.query<{ child: string; parent: string; rows: number }>(
			`select greatest(c.reltuples, 0)::int as rows, case when p.relkind = 'p' then c.relnamespace::regnamespace || '.' else '' end || c.relname as child,
				case when p.relkind = 'p' then p.relnamespace::regnamespace || '.' else '' end || p.relname as parent
			 from pg_inherits join pg_class c on c.oid = inhrelid join pg_class p on p.oid = inhparent`,
		);
		return new Map(rows.map(({ child, ...partition }) => [child, partition]));
	});
	const { connect } = pg.Client.prototype;
	const spy = vi.spyOn(pg.Client.prototype, 'connect').mockImplementation(function (
		this: pg.Client,
		...args: unknown[]
	) {
		this.on('notice', ({ message = '' }) => {
			const [, json] = /^duration: .* plan:\n(.*)$/s.exec(message) ?? [];
			if (json) seen(executionOf(JSON.parse(json) as { 'Query Text': string; Plan: Node }, partitions));
		});
		return Reflect.apply(connect, this, args);
	} as typeof connect);
	onTestFinished(() => spy.mockRestore());
}

function executionOf(
	{ 'Query Text': text, Plan: plan }: { readonly 'Query Text': string; readonly Plan: Node },
	partitions: ReadonlyMap<string, { readonly parent: string; readonly rows: number }>,
): Execution {
	const nodes = withChildren(plan);
	const produced = [
		plan,
		...nodes.filter((node) => node['Node Type'] === 'ModifyTable').flatMap(({ Plans = [] }) => Plans),
	];
	return {
		statement: text.replace(/\s+/g, ' ').trim(),
		rows: Math.max(...produced.map(rowsOf)),
		indexes: nodes.flatMap(({ 'Index Name': name }) =>
			name === undefined ? [] : [partitions.get(name)?.parent ?? name],
		),
		scans: nodes
			.filter((node) => node['Relation Name'] !== undefined && / Scan$/.test(node['Node Type']))
			// Postgres reads all rows of a small partition. The plans of the larger ones show whether there is an index.
			.filter((node) => (partitions.get(tableOf(node))?.rows ?? Number.POSITIVE_INFINITY) > smallest)
			.map((node) => {
				const table = tableOf(node);
				const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
				const dropped = removed * (node['Actual Loops'] ?? 1);
				const isSequential = node['Node Type'] === 'Seq Scan';
				return { table: partitions.get(table)?.parent ?? table, isSequential, read: rowsOf(node) + dropped, dropped };
			}),
	};
}

const tableOf = (node: Node): string => `${node.Schema}.${node['Relation Name']}`;
const withChildren = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(withChildren)];
const rowsOf = (node: Node): number => (node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 0);
