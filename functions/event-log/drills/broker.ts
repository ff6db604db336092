import { Problem, unavailable } from '../../../kit/http/problem.ts';
import { exchange } from '../../../kit/net/exchange.ts';

/** The longest time for an answer, in milliseconds. */
const timeout = 3_000;

/**
 * Lets the Broker lose its memory, where the platform allows that to a function: the laptop, with a URL that only it sets.
 * @throws {Problem} 409 elsewhere, which says how an operator does it
 */
export async function loseMemory({
	BROKER_KILL_URL: url,
	KUBERNETES_SERVICE_HOST: cluster,
}: NodeJS.ProcessEnv): Promise<void> {
	if (!url)
		throw new Problem(
			409,
			cluster
				? 'On a cluster no function has the right to restart the Broker. Run: npx bodega drill broker'
				: 'With Compose no function has the right to restart the Broker. Run: docker compose restart broker',
		);
	try {
		const { status } = await exchange(new URL(url), { method: 'POST', limit: timeout });
		if (status !== 204) throw new Error(`the runner answered with status ${status}`);
	} catch (cause) {
		throw unavailable('The runner of the Broker does not answer. Try again shortly.', cause);
	}
}
