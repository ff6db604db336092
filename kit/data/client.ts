import { setTimeout as after } from 'node:timers/promises';
import pg from 'pg';
import { clientOptions, limits } from './limits.ts';

/**
 * Opens a single connection. If it breaks between two statements, the next one fails.
 * @param answer how long the server has to answer a statement, in milliseconds
 */
export async function openClient(url: string, name: string, answer: number = limits.answer): Promise<pg.Client> {
	const client = new pg.Client(clientOptions(url, name, answer));
	// Without a listener, the loss of the connection would end the process.
	client.on('error', () => {});
	try {
		await client.connect();
	} catch (error) {
		void client.end();
		throw error;
	}
	return client;
}

/** Closes a connection. Waits for the server's end of it, but not long, because the network can be silent. */
export const closeClient = (client: pg.Client): Promise<void> =>
	Promise.race([client.end(), after(1_000, undefined, { ref: false })]);
