import { createServer, type Server } from 'node:http';
import pg from 'pg';
import { messageOf } from '../../kit/http/problem.ts';
import { log } from '../../kit/trace/log.ts';
import { databaseAway, databaseMetrics } from './database.ts';
import { expose, type Metric, mediaType } from './exposition.ts';

/** Tells what the database knows, anew with each request, by one connection. It always answers: that the database is away is a figure too. */
export class DatabaseMetrics {
	readonly #pool: pg.Pool;

	constructor(url: string) {
		// A slow answer would be worse than none: Prometheus asks again.
		const patience = { connectionTimeoutMillis: 3_000, query_timeout: 5_000 };
		this.#pool = new pg.Pool({ connectionString: url, max: 1, application_name: 'metrics', ...patience });
		this.#pool.on('error', () => {});
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

/** Serves them at `/metrics`; at `/health` it answers without the database. */
export const createMetricsServer = (metrics: DatabaseMetrics): Server =>
	createServer(async (req, res) => {
		if (req.url === '/metrics') res.writeHead(200, { 'content-type': mediaType }).end(expose(await metrics.read()));
		else if (req.url === '/health') res.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
		else res.writeHead(404).end();
	});
