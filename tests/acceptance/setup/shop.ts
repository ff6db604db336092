import type { TestProject } from 'vitest/node';
import { provideChromium } from '../../browser/chromium.ts';
import { openCluster } from './cluster.ts';
import { openCompose } from './compose.ts';
import { openLaptop } from './laptop.ts';

/** How a test reaches the shop: one URL, and the Host header of each function's own route. */
export interface Reach {
	readonly target: 'local' | 'compose' | 'cluster';
	readonly url: string;
	readonly hosts: Readonly<Record<string, string>>;
	/** The first admin's password. */
	readonly adminPassword: string;
	/** Laptop: the data folder. */
	readonly data?: string;
	/** Laptop: the URL of the control API, and the token for its guarded parts. */
	readonly control?: string;
	readonly controlToken?: string;
	/** Compose: the variables that the shop was opened with. */
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
	// The relay republishes lost events after 5 to 7 s instead of 30 to 90 s.
	local: (project) =>
		// The browser tests do not need cold starts, each of which costs as much CPU time as many requests.
		openLaptop({ RELAY_AFTER: '5', RELAY_SCHEDULE: '*/2 * * * * *' }, project === 'browser' ? 300 : 5),
	compose: openCompose,
	cluster: openCluster,
};

/** Opens a new shop on this machine, or connects to the one of the current kube context, once for the whole suite. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const target = process.env['ACCEPTANCE_TARGET'] ?? 'local';
	if (target === 'local' || project.name === 'browser') await provideChromium();
	const open = openers[target] as (typeof openers)[string];
	const { reach, close } = await open(project.name);
	project.provide('shop', reach);
	return close;
}
