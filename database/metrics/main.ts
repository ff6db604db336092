import { createMetricsServer, DatabaseMetrics } from './server.ts';

/** Serves the metrics on a monitored cluster. It runs beside the shop all the time, so no scrape wakes a function. */
const url = process.env['DATABASE_URL'];
if (!url) throw new Error('the environment lacks DATABASE_URL: the URL of the database for the monitoring role');
const metrics = new DatabaseMetrics(url);
createMetricsServer(metrics).listen(Number(process.env['PORT'] ?? 8080));
// A scrape in progress needs no answer, because Prometheus scrapes again.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));
