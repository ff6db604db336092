import { declare } from '../kit/declare.ts';

export default declare({
	name: 'relay',
	purpose: 'Publishes again the events that have gone unhandled for too long, so that a broker may lose its memory.',
	schedule: '* * * * *',
	data: { connections: 2 },
	scale: { max: 1 },
});
