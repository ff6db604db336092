import { print } from '../process/output.ts';
import { currentTrace } from './trace.ts';

type Severity = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';
type Fields = Record<string, unknown>;

const order: Severity[] = ['DEBUG', 'INFO', 'WARNING', 'ERROR'];
const least = order.indexOf((process.env['LOG_LEVEL']?.toUpperCase() as Severity) ?? 'INFO');

function logLine(severity: Severity, message: string, fields: Fields): string {
	const { error, ...rest } = fields;
	return JSON.stringify({
		time: new Date().toISOString(),
		severity,
		function: process.env['K_SERVICE'] ?? process.env['FUNCTION_TARGET'],
		message,
		trace: currentTrace()?.traceId,
		...rest,
		...(error === undefined ? {} : { error: chain(error) }),
	});
}

/** Lines that are not written yet. */
let waiting = '';

/**
 * Writes the lines of one turn of the event loop at once, because each write is a system call that blocks. A warning or an
 * error is written immediately, with the lines before it.
 */
function write(severity: Severity, message: string, fields: Fields): void {
	if (order.indexOf(severity) < least) return;
	if (!waiting) setImmediate(flush);
	waiting += `${logLine(severity, message, fields)}\n`;
	if (severity === 'WARNING' || severity === 'ERROR') flush();
}

function flush(): void {
	if (waiting) print(waiting);
	waiting = '';
}

process.once('exit', flush);

/** Returns an error's stack and those of its causes, innermost last. For the log only: clients must not see it. */
function chain(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const own = error.stack ?? `${error.name}: ${error.message}`;
	return error.cause === undefined ? own : `${own}\ncaused by: ${chain(error.cause)}`;
}

/** The function's log: one JSON object per line on standard output, with the id of the current trace. */
export const log = {
	debug: (message: string, fields: Fields = {}): void => write('DEBUG', message, fields),
	info: (message: string, fields: Fields = {}): void => write('INFO', message, fields),
	warn: (message: string, fields: Fields = {}): void => write('WARNING', message, fields),
	error: (message: string, fields: Fields = {}): void => write('ERROR', message, fields),
};
