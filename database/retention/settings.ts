import * as z from 'zod';
import { settingsOf } from '../../kit/declare/config.ts';

const settings = {
	RETENTION_DAYS: z
		.string()
		.regex(/^[1-9]\d{0,4}$/)
		.transform(Number)
		.default(90)
		.describe('for how many days settled events are stored'),
};

/** Returns for how many days settled events are stored. @throws {Error} when the variable is not a whole number from 1 to 99999 */
export const retentionOf = (env: NodeJS.ProcessEnv): number => Number(settingsOf({ settings }, env)['RETENTION_DAYS']);
