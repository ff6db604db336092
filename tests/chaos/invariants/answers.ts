import { explains } from '../faults/fault.ts';
import type { Exchange } from '../history.ts';
import type { Invariant } from './invariant.ts';

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

export const told = ({ client, method, path, sent, ended, status, error, answer }: Exchange): string =>
	`${client}: ${method} ${path} at ${seconds(sent)}, after ${seconds(ended - sent)}: ${status ?? 'no answer'} ` +
	`${error ?? ''} ${status && status >= 400 ? JSON.stringify(answer)?.slice(0, 300) : ''}`.trim();

/** The longest time for an answer without a fault, in milliseconds: that of a call, a cold start and `Prefer: wait=30`. */
const patience = 45_000;

/** The promises about every answer of every operation. */
export const invariants: readonly Invariant<unknown>[] = [
	{
		claim: 'every answer keeps the contract of its operation and is right',
		violations: ({ exchanges }) =>
			exchanges.filter(({ breach }) => breach !== undefined).map((each) => `${told(each)}: ${each.breach}`),
	},
	{
		claim: 'a fault explains every failure, missing answer and broken stream',
		violations: ({ exchanges, faults }) =>
			exchanges
				.filter(
					({ status, error }) => status === undefined || status >= 500 || (error !== undefined && error !== 'left'),
				)
				.filter(({ fn, sent, ended }) => !explains(faults, 'http', fn, sent, ended))
				.map(told),
	},
	{
		claim: 'no answer takes longer than 45 s without a fault',
		violations: ({ exchanges, faults }) =>
			exchanges
				.filter(({ sent, ended, answer }) => ended - sent > patience && !Array.isArray(answer))
				.filter(({ fn, sent, ended }) => !explains(faults, 'http', fn, sent, ended))
				.map(told),
	},
];
