import * as z from 'zod';
import { noteChange } from '../../kit/data/outcome.ts';
import { tracing } from '../../kit/declare/config.ts';
import { Problem, unavailable } from '../../kit/http/problem.ts';
import { exchange } from '../../kit/net/exchange.ts';
import type { TracesData } from '../../kit/trace/traces-data.ts';

export const Recording = z
	.object({
		place: z
			.enum(['memory', 'collector', 'nowhere'])
			.describe(
				'`memory`: a shop on a laptop records traces on demand, until it stops; `collector`: the functions send all to the collector that the operator has set; `nowhere`: no collector is set.',
			),
		until: z.iso.datetime().nullable().describe('When the recording in memory ends; `null` if there is none.'),
	})
	.meta({ id: 'Recording', examples: [{ place: 'memory', until: '2026-01-05T09:10:00.000Z' }] });
export type Recording = z.output<typeof Recording>;

/** The longest time for an answer of the recorder, in milliseconds. */
const timeout = 3_000;

/** Asks the shop's process on a laptop, which has the spans in memory. @throws {Problem} 503 when it does not answer */
async function ask<Answer>(env: NodeJS.ProcessEnv, method: 'GET' | 'PUT' | 'DELETE', path: string): Promise<Answer> {
	try {
		const headers = { authorization: `Bearer ${env['RECORDER_TOKEN']}` };
		const { status, text } = await exchange(new URL(`${env['RECORDER_URL']}${path}`), {
			method,
			headers,
			limit: timeout,
		});
		if (status !== 200) throw new Error(`the recorder answered with status ${status}`);
		return JSON.parse(text) as Answer;
	} catch (cause) {
		throw unavailable('The recorder of traces does not answer. Try again shortly.', cause);
	}
}

type Until = Pick<Recording, 'until'>;

const isHere = (env: NodeJS.ProcessEnv): boolean => env['RECORDER_URL'] !== undefined;

export async function find(env: NodeJS.ProcessEnv): Promise<Recording> {
	if (!isHere(env)) return { place: env[tracing] ? 'collector' : 'nowhere', until: null };
	return { place: 'memory', ...(await ask<Until>(env, 'GET', '/recording')) };
}

/** Also prolongs a recording. @throws {Problem} 409 when this shop does not record */
export const start = (env: NodeJS.ProcessEnv, minutes: number): Promise<Recording> =>
	change(env, 'PUT', `/recording?minutes=${minutes}`);

/** @throws {Problem} 409 when this shop does not record */
export const end = (env: NodeJS.ProcessEnv): Promise<Recording> => change(env, 'DELETE', '/recording');

async function change(env: NodeJS.ProcessEnv, method: 'PUT' | 'DELETE', path: string): Promise<Recording> {
	if (!isHere(env))
		throw new Problem(
			409,
			`Only a shop on a laptop without ${tracing} records traces itself. Set ${tracing} to a collector, and look at them there.`,
		);
	const changed = await ask<Until>(env, method, path);
	noteChange();
	return { place: 'memory', ...changed };
}

/** Returns the recorded spans of a trace; none if it is not recorded. @param trace 32 hexadecimal digits */
export const spansOf = async (env: NodeJS.ProcessEnv, trace: string): Promise<TracesData> =>
	isHere(env) ? await ask<TracesData>(env, 'GET', `/traces/${trace}`) : { resourceSpans: [] };
