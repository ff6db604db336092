import { type OpenPart, part } from '../../part.ts';

/** An onlooker, who reads what the page shows behind the scenes, and follows the events for some seconds at a time. */
const open: OpenPart = async (scene) => {
	const visitor = scene.visitor('Ned');
	const random = scene.random.fork(visitor.name);
	const paths = ['/', '/api/events?limit=20', '/api/functions', '/api/info', '/api/map'];
	const step = () =>
		random.chance(0.1)
			? visitor.follow('/api/events', AbortSignal.timeout(random.whole(1, 5) * 1000))
			: visitor.ask('GET', random.pick(paths));
	return part(scene, [{ name: visitor.name, pause: [0.3, 2], step }], async () => ({}), []);
};

export default open;
