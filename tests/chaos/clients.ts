import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client, OpenPart, Part, Scene } from './part.ts';
import { pause } from './pause.ts';

const parts = join(import.meta.dirname, 'parts');

/** Opens the parts of all functions that have one. @throws {Error} when the shop does not answer yet */
export async function openParts(scene: Scene): Promise<Part[]> {
	const opened: Part[] = [];
	for (const file of globSync('*/part.ts', { cwd: parts }).sort()) {
		const { default: open } = (await import(pathToFileURL(join(parts, file)).href)) as { default: OpenPart };
		opened.push(await open(scene));
	}
	return opened;
}

/** Lets the clients take their steps until `over` is aborted. Resolves when each has finished its last one. */
export async function runClients(clients: readonly Client[], { random }: Scene, over: AbortSignal): Promise<void> {
	await Promise.all(
		clients.map(async (client) => {
			const own = random.fork(`pauses of ${client.name}`);
			while (!over.aborted) {
				await client.step();
				await pause(own.between(...client.pause), over);
			}
		}),
	);
}
