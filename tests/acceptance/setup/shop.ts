import type { TestProject } from 'vitest/node';
import { provideChromium } from '../../browser/chromium.ts';
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

const openers: Readonly<Record<string, (project: string) => ReturnType<typeof openCluster>>> = {
	// What a broker has lost is published again after five to seven seconds instead of thirty to ninety.
	local: (project) =>
		// Each cold start takes as much of the processor as many requests, and what the page is like does not depend on any.
		openLaptop({ RELAY_AFTER: '5', RELAY_SCHEDULE: '*/2 * * * * *' }, project === 'browser' ? 300 : 5),
	compose: openCompose,
	cluster: openCluster,
};

/** Opens the shop once for the whole suite: a new one on this machine, or the one that the current kube context holds. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const target = process.env['ACCEPTANCE_TARGET'] ?? 'local';
	if (target === 'local' || project.name === 'browser') await provideChromium();
	const open = openers[target] as (typeof openers)[string];
	const { reach, close } = await open(project.name);
	project.provide('shop', reach);
	return close;
}
