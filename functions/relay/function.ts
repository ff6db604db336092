import * as z from 'zod';
import { declare } from '../../kit/declare/declare.ts';

export default declare({
	name: 'relay',
	purpose:
		'Republishes events that stay unhandled for too long, so that no event is lost when a broker loses its messages.',
	schedule: '* * * * *',
	settings: {
		RELAY_AFTER: z
			.string()
			.regex(/^\d{1,9}(\.\d+)?$/)
			.transform(Number)
			.default(30)
			.describe('the age from which an unhandled event is overdue, in seconds'),
	},
	data: { connections: 2 },
	scale: { max: 1 },
});
