import { type OpenPart, part } from '../../part.ts';

/** A customer who checks each result. */
const open: OpenPart = async (scene) => {
	const visitor = scene.visitor('Lea');
	const random = scene.random.fork(visitor.name);
	const step = () => {
		const values = Array.from({ length: random.whole(1, 2000) }, () => random.whole(-9, 9));
		const expected = Math.max(...values);
		return visitor.ask('POST', '/api/stats/max', {
			body: { values },
			check: (answer) => {
				const { result, count } = answer as { result: number; count: number };
				return result === expected && count === values.length ? undefined : `the maximum of ${values} is ${result}`;
			},
		});
	};
	return part(scene, [{ name: visitor.name, pause: [0.2, 1.5], step }], async () => ({}), []);
};

export default open;
