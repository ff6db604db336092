import { createServer, type Server } from 'node:net';
import { portOf } from '../declare/config.ts';

/**
 * The port of the process, which opens before the function's code is loaded. So a probe of a starting instance waits for the
 * code, where a refused one would be repeated 200 ms later (Knative Serving's pkg/activator/net/revision_backends.go).
 * Undefined with a host, which Node looks up first, and with a port that is invalid.
 */
export const early: Server | undefined = opened(process.env);

function opened(env: NodeJS.ProcessEnv): Server | undefined {
	if (env['HOST'] || env['PRIME_COMPILE_CACHE']) return undefined;
	const port = portOf(env);
	return port === undefined ? undefined : createServer().listen(port);
}
