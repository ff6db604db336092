import { archiveOf } from '../../database/archive/archive.ts';
import { checkOwnerUrl, reachOwner } from '../../database/owner-url.ts';
import { retentionOf } from '../../database/retention/settings.ts';
import { startPings } from '../../eventing/broker/ping.ts';
import { functions } from '../../functions/index.ts';
import { wakesAhead } from '../../kit/declare/chain.ts';
import { settingsOf, tracingOf } from '../../kit/declare/config.ts';
import { scheduleVariable } from '../../kit/declare/environment.ts';
import { messageOf } from '../../kit/http/problem.ts';
import { UsageError } from '../../kit/process/usage-error.ts';
import { planPings } from '../plan.ts';

/** A sign-in takes no longer password. */
const longestPassword = 200;

/**
 * Checks the variables that a shop on this machine reads, before it does anything else.
 * @throws {UsageError} that names a variable, what was found, and what was expected
 */
export async function checkEnvironment(env: NodeJS.ProcessEnv): Promise<void> {
	const { LOG_LEVEL: level, ADMIN_PASSWORD: password = '', DATABASE_URL: url } = env;
	if (level && !/^(debug|info|warning|error)$/i.test(level))
		throw new UsageError(`LOG_LEVEL is "${level}": expected debug, info, warning or error`);
	if (password.length > longestPassword)
		throw new UsageError(`ADMIN_PASSWORD has ${password.length} characters: expected at most ${longestPassword}`);
	if (url) checkOwnerUrl(url);
	check(() => tracingOf(env));
	check(() => wakesAhead(env));
	check(() => retentionOf(env));
	check(() => archiveOf(env['ARCHIVE'], env, () => {}));
	const addresses = { url: () => 'http://localhost', sink: 'http://localhost', env };
	for (const fn of functions) {
		check(() => settingsOf(fn, env));
		check(() => startPings(planPings([fn], addresses)).stop(), `${scheduleVariable(fn)}: `);
	}
	if (url) await reachOwner(url);
}

function check(work: () => unknown, name = ''): void {
	try {
		work();
	} catch (error) {
		throw new UsageError(`${name}${messageOf(error)}`, { cause: error });
	}
}
