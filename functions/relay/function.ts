import { declare } from '../../kit/declare/declare.ts';

export default declare({
	name: 'relay',
	purpose: 'Publishes again the events that have gone unhandled for too long, so that a broker may lose its memory.',
	schedule: '* * * * *',
	settings: {
		RELAY_AFTER: {
			purpose: 'how old an event must be before it counts as overdue, in seconds',
			default: '30',
			isValid: (value) => Number(value) >= 0,
		},
	},
	data: { connections: 2 },
	scale: { max: 1 },
});
