import type { TestProject } from 'vitest/node';
import { openCluster } from './cluster.ts';
import { openLaptop } from './laptop.ts';

/** How a test reaches the shop: one address, and the host that each function's own route has there. */
export interface Reach {
	readonly target: 'local' | 'cluster';
	readonly url: string;
	readonly hosts: Readonly<Record<string, string>>;
	/** The first admin's password. */
	readonly adminPassword: string;
	/** Laptop: where the data live. */
	readonly data?: string;
	/** Laptop: the control API, and what opens its guarded parts. */
	readonly control?: string;
	readonly controlToken?: string;
	/** Cluster: the namespace. */
	readonly namespace?: string;
}

declare module 'vitest' {
	interface ProvidedContext {
		shop: Reach;
	}
}

/** Opens the shop once for the whole suite: a new one on the laptop, or the one that the current kube context holds. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const { reach, close } = await (process.env['ACCEPTANCE_TARGET'] === 'cluster'
		? openCluster()
		: openLaptop({ RELAY_AFTER: '10' }));
	project.provide('shop', reach);
	return close;
}
