/** A node, as far as what it has is concerned. */
export interface NodeObject {
	readonly status: { readonly allocatable?: { readonly memory?: string } };
}

/** A pod, as far as what it asks for is concerned. */
export interface PodObject {
	readonly status: { readonly phase?: string };
	readonly spec: {
		readonly containers: readonly { readonly resources?: { readonly requests?: { readonly memory?: string } } }[];
	};
}

const units: Readonly<Record<string, number>> = {
	'': 1,
	k: 1e3,
	M: 1e6,
	G: 1e9,
	Ki: 2 ** 10,
	Mi: 2 ** 20,
	Gi: 2 ** 30,
};

/** A quantity of memory in bytes (Kubernetes: "Quantity"); nothing when it is none. */
function bytesOf(quantity = ''): number {
	const [, number = '', unit = ''] = /^([\d.]+)([a-zA-Z]*)$/.exec(quantity) ?? [];
	return Number(number) * (units[unit] ?? 0) || 0;
}

/** What is left of all nodes' memory after what their pods ask for, in MiB: a pod that asks for more is not scheduled. */
export function memoryOf(nodes: readonly NodeObject[], pods: readonly PodObject[]): number {
	const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
	const there = sum(nodes.map(({ status }) => bytesOf(status.allocatable?.memory)));
	const asked = sum(
		pods
			.filter(({ status }) => status.phase === 'Running' || status.phase === 'Pending')
			.flatMap(({ spec }) => spec.containers.map(({ resources }) => bytesOf(resources?.requests?.memory))),
	);
	return Math.floor((there - asked) / 2 ** 20);
}
