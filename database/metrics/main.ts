import { createMetricsServer, DatabaseMetrics } from './server.ts';

/** What runs on a cluster beside the shop, where it is monitored: always, so that no scrape wakes a function. */
const url = process.env['DATABASE_URL'];
if (!url) throw new Error('the environment lacks DATABASE_URL: the database, by the role of monitoring');
const metrics = new DatabaseMetrics(url);
const server = createMetricsServer(metrics).listen(Number(process.env['PORT'] ?? 8080));
process.once('SIGTERM', () => {
	server.close(() => void metrics.close());
	server.closeIdleConnections();
});
