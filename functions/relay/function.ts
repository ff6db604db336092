import { declare } from '../../kit/declare/declare.ts';

export default declare({
	name: 'relay',
	purpose:
		'Republishes events that stay unhandled for too long, so that no event is lost when a broker loses its messages.',
	schedule: '* * * * *',
	settings: {
		RELAY_AFTER: {
			purpose: 'the age from which an unhandled event counts as overdue, in seconds',
			default: '30',
			isValid: (value) => Number(value) >= 0,
		},
	},
	data: { connections: 2 },
	scale: { max: 1 },
});
