import type { TestProject } from 'vitest/node';
import { openCluster } from './cluster.ts';
import { openCompose } from './compose.ts';
import { openLaptop } from './laptop.ts';

/** How a test reaches the shop: one address, and the host that each function's own route has there. */
export interface Reach {
	readonly target: 'local' | 'compose' | 'cluster';
	readonly url: string;
	readonly hosts: Readonly<Record<string, string>>;
	/** The first admin's password. */
	readonly adminPassword: string;
	/** Laptop: where the data live. */
	readonly data?: string;
	/** Laptop: the control API, and what opens its guarded parts. */
	readonly control?: string;
	readonly controlToken?: string;
	/** Compose: the variables it was opened with. */
	readonly composeEnv?: Readonly<Record<string, string>>;
	/** Cluster: the namespace. */
	readonly namespace?: string;
}

declare module 'vitest' {
	interface ProvidedContext {
		shop: Reach;
	}
}

const openers: Readonly<Record<string, typeof openCluster>> = {
	local: () => openLaptop({ RELAY_AFTER: '10' }),
	compose: openCompose,
	cluster: openCluster,
};

/** Opens the shop once for the whole suite: a new one on this machine, or the one that the current kube context holds. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const open = openers[process.env['ACCEPTANCE_TARGET'] ?? 'local'] as typeof openCluster;
	const { reach, close } = await open();
	project.provide('shop', reach);
	return close;
}
