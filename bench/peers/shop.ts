import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { type Running, startProcess } from '../process.ts';
import { startRabbitmq } from './rabbitmq.ts';

const here = import.meta.dirname;

/** Starts the peer of the shop, with the schema `peer` in a database. `close` ends it; the schema stays. */
export async function startPeerShop(databaseUrl: string): Promise<{ url: string; close: () => Promise<void> }> {
	if (!existsSync(join(here, 'node_modules')))
		execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: here });
	await createTables(databaseUrl);
	const rabbitmq = await startRabbitmq();
	const started: Running[] = [];
	const start = async (role: string, env: Record<string, string> = {}): Promise<string> => {
		const settings = { NODE_ENV: 'production', DATABASE_URL: databaseUrl, AMQP_URL: rabbitmq.url, ...env };
		const running = await startProcess([join(here, 'shop.mjs'), role], settings);
		started.push(running);
		return running.url;
	};
	const close = async (): Promise<void> => {
		await Promise.all(started.map(({ stop }) => stop()));
		await rabbitmq.stop();
	};
	try {
		const BOOKS_URL = await start('books');
		await start('billing');
		const ORDERS_URL = await start('orders', { BOOKS_URL });
		return { url: await start('gateway', { BOOKS_URL, ORDERS_URL }), close };
	} catch (error) {
		await close();
		throw error;
	}
}

async function createTables(databaseUrl: string): Promise<void> {
	const client = new pg.Client({ connectionString: databaseUrl });
	await client.connect();
	await client.query(`
		create schema peer;
		create table peer.books as select id, price, stock from books.books;
		alter table peer.books add primary key (id);
		create table peer.orders (
			id integer primary key generated always as identity,
			book_id integer not null,
			customer_name text not null,
			quantity integer not null,
			unit_price numeric not null,
			status text not null default 'pending',
			created_at timestamptz not null default now()
		);
		create table peer.invoices (order_id integer primary key, total numeric not null)`);
	await client.end();
}
