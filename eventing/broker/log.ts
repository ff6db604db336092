import { print } from '../../kit/process/output.ts';

/** One line of the broker's log. `message` is for people; the other fields are for machines. */
export interface LogLine {
	severity: 'INFO' | 'WARNING' | 'ERROR';
	message: string;
	[field: string]: unknown;
}

export type Log = (line: LogLine) => void;

/** Writes one JSON object per line to standard output, as the functions do. */
export const consoleLog: Log = ({ severity, ...rest }) =>
	print(`${JSON.stringify({ severity, time: new Date().toISOString(), ...rest })}\n`);
