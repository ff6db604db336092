import type { Server } from 'node:http';
import pg from 'pg';
import { clientOptions } from '../../kit/data/limits.ts';
import { messageOf } from '../../kit/http/problem.ts';
import { openServer } from '../../kit/net/server.ts';
import { log } from '../../kit/trace/log.ts';
import { databaseAway, databaseMetrics } from './database.ts';
import { expose, type Metric, mediaType } from './exposition.ts';

/** Reads the database's metrics on one connection. An unavailable database is a metric (`pg_up`), not an error. */
export class DatabaseMetrics {
	readonly #pool: pg.Pool;

	constructor(url: string) {
		this.#pool = new pg.Pool({ ...clientOptions(url, 'metrics'), max: 1 });
		this.#pool.on('error', () => {});
		this.#pool.on('connect', (client) => client.on('error', () => {}));
	}

	async read(): Promise<readonly Metric[]> {
		try {
			return await databaseMetrics(this.#pool);
		} catch (error) {
			log.warn('the database does not answer', { error: messageOf(error) });
			return databaseAway;
		}
	}

	close(): Promise<void> {
		return this.#pool.end();
	}
}

/** Creates the server of `/metrics`, and of `/health`, which does not use the database. */
export const createMetricsServer = (metrics: DatabaseMetrics): Server =>
	openServer(async (req, res) => {
		if (req.url === '/metrics') res.writeHead(200, { 'content-type': mediaType }).end(expose(await metrics.read()));
		else if (req.url === '/health') res.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
		else res.writeHead(404).end();
	});
