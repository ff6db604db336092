import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A server on loopback in the place of a provider outside the shop. */
export interface StandIn {
	/** The settings that lead to it. */
	readonly env: Readonly<Record<string, string>>;
	readonly close: () => void;
}

const functions = join(import.meta.dirname, '..', 'functions');

/** Starts the stand-ins of all functions that have one: the default export of `functions/NAME/stand-in.ts`. */
export async function startStandIns(): Promise<StandIn> {
	const files = globSync('*/stand-in.ts', { cwd: functions });
	const started = await Promise.all(
		files.map(async (file) => {
			const module = (await import(pathToFileURL(join(functions, file)).href)) as { default: () => Promise<StandIn> };
			return await module.default();
		}),
	);
	return {
		env: Object.assign({}, ...started.map(({ env }) => env)) as StandIn['env'],
		close: () => {
			for (const { close } of started) close();
		},
	};
}
