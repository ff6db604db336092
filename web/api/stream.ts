import { Problem } from './problem.ts';
import { connected } from './send.ts';
import { signed } from './session.ts';

/** The stream is not available, e.g. because a proxy responds with something else. */
export class Refused extends Error {}

/**
 * Yields the server-sent events of a path until the shop ends the stream. It uses `fetch`, because an EventSource cannot send
 * the access token, and a signed-in user sees more than others.
 * @throws {Refused} when there is no stream, or another error when the connection is lost
 */
export async function* stream(path: string, signal: AbortSignal): AsyncGenerator<unknown> {
	const { ok, headers, body } = await signed('GET', async (authorization) => {
		const sent = { accept: 'text/event-stream', ...authorization };
		const response = await fetch(path, { headers: sent, cache: 'no-store', signal });
		if (response.status === 401) throw new Problem(401, 'The access token has expired.');
		return response;
	});
	if (!ok || !body || !headers.get('content-type')?.startsWith('text/event-stream')) throw new Refused(path);
	connected.set(true);
	const reader = body.pipeThrough(new TextDecoderStream()).getReader();
	for (let text = ''; ; ) {
		const { done, value } = await reader.read();
		if (done) return;
		text += value;
		// The shop sends each update as one line; other lines are comments or settings (HTML, 9.2.6).
		const lines = text.split('\n');
		text = lines.pop() ?? '';
		for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice('data: '.length));
	}
}
