import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../k8s/kubectl/failure.ts';
import type { OpenShop } from './place.ts';

/** Reads from the control API of an open shop on this machine. @throws {Failure} 3 when it does not answer */
export async function askControl<Answer>(
	{ data, running }: OpenShop,
	path: string,
	stop: AbortSignal,
): Promise<Answer> {
	try {
		const headers = { authorization: `Bearer ${readFileSync(join(data, 'control-token'), 'utf8')}` };
		const signal = AbortSignal.any([stop, AbortSignal.timeout(10_000)]);
		const response = await fetch(`${running.control}${path}`, { headers, signal });
		if (!response.ok) throw new Error(((await response.json()) as { detail: string }).detail);
		return (await response.json()) as Answer;
	} catch (cause) {
		stop.throwIfAborted();
		throw new Failure(
			'environment',
			`The shop at ${running.url} does not answer: ${cause instanceof Error ? cause.message : cause}. See its terminal.`,
			{ cause },
		);
	}
}
