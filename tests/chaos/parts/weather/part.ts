import { type OpenPart, part } from '../../part.ts';

/** A customer who asks for the weather, where a stand-in takes the provider's place. */
const open: OpenPart = async (scene) => {
	const visitor = scene.visitor('Max');
	const random = scene.random.fork(visitor.name);
	const step = () =>
		visitor.ask('GET', `/api/weather?city=${random.pick(['Paris', 'Z%C3%BCrich'])}&days=${random.whole(0, 5)}`);
	const clients = scene.isLocal ? [{ name: visitor.name, pause: [0.3, 2] as const, step }] : [];
	return part(scene, clients, async () => ({}), []);
};

export default open;
