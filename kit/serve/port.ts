import net from 'node:net';
import { portOf } from '../declare/config.ts';

/**
 * The port of the process, which opens before the function's code is loaded. So a probe of a starting instance waits for the
 * code, where a refused one would be repeated 200 ms later (Knative Serving's pkg/activator/net/revision_backends.go).
 * Undefined when the port or the host has to wait: one that is invalid or taken, or a name that Node looks up first.
 */
export const early: net.Server | undefined = opened(process.env);

function opened(env: NodeJS.ProcessEnv): net.Server | undefined {
	const { HOST: host, PRIME_CODE_CACHE: primes } = env;
	const port = portOf(env);
	if (primes || port === undefined) return undefined;
	if (!host) return net.createServer().listen(port);
	try {
		// Listening with the host would look up even an address, which takes 2 ms of a cold start.
		return net.createServer().listen(new net.BoundSocket({ host, port }));
	} catch {
		return undefined;
	}
}
