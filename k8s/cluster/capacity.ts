import type { INode, IPod } from 'kubernetes-models/v1';

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
function bytesOf(quantity: string | number = ''): number {
	const [, number = '', unit = ''] = /^([\d.]+)([a-zA-Z]*)$/.exec(String(quantity)) ?? [];
	return Number(number) * (units[unit] ?? 0) || 0;
}

/** Returns the memory of all nodes that no Pod has requested, in MiB. A Pod that requests more cannot be scheduled. */
export function memoryOf(nodes: readonly INode[], pods: readonly IPod[]): number {
	const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
	const there = sum(nodes.map(({ status }) => bytesOf(status?.allocatable?.['memory'])));
	const asked = sum(
		pods
			.filter(({ status }) => status?.phase === 'Running' || status?.phase === 'Pending')
			.flatMap(({ spec }) => (spec?.containers ?? []).map(({ resources }) => bytesOf(resources?.requests?.['memory']))),
	);
	return Math.floor((there - asked) / 2 ** 20);
}
