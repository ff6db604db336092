import { type OpenPart, part } from '../../part.ts';

/** A customer who checks each result. */
const open: OpenPart = async (scene) => {
	const visitor = scene.visitor('Kim');
	const random = scene.random.fork(visitor.name);
	const step = () => {
		const [a, b] = [random.whole(-1000, 1000), random.whole(-1000, 1000)];
		const check = (answer: unknown) => {
			const { result } = answer as { result: number };
			return result === a * b ? undefined : `${a} × ${b} is ${result}`;
		};
		return random.chance(0.5)
			? visitor.ask('GET', `/api/calc/multiply?a=${a}&b=${b}`, { check })
			: visitor.ask('POST', '/api/calc/multiply', { body: { a, b }, check });
	};
	return part(scene, [{ name: visitor.name, pause: [0.1, 1], step }], async () => ({}), []);
};

export default open;
