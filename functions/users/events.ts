import type { Context } from '../../kit/serve/context.ts';
import { announceAgain } from './deletions.ts';
import * as attempts from './limits/attempts.ts';
import * as sessions from './sessions.ts';
import * as signingKeys from './signing-keys.ts';

export async function onSchedule(context: Context): Promise<void> {
	await context.transaction(signingKeys.rotate);
	await context.transaction(announceAgain);
	await sessions.prune(context.db);
	await attempts.prune(context.db);
}
