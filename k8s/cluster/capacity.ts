export interface NodeObject {
	readonly status: { readonly allocatable?: { readonly memory?: string } };
}

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

/** Parses a quantity of memory into bytes (Kubernetes: "Quantity"). Returns 0 for anything else. */
function bytesOf(quantity = ''): number {
	const [, number = '', unit = ''] = /^([\d.]+)([a-zA-Z]*)$/.exec(quantity) ?? [];
	return Number(number) * (units[unit] ?? 0) || 0;
}

/** Returns the memory of all nodes that no Pod has requested, in MiB. A Pod that requests more cannot be scheduled. */
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
