import { useFormat } from './format.ts';

interface Props {
	/** A time as the API sends it: ISO 8601, in UTC. */
	readonly at: string;
	/** The time of day, with the date unless it is today; the time of day to the second; or both to the second. */
	readonly form?: 'moment' | 'clock' | 'full';
	readonly className?: string;
}

/** A time in the reader's zone and language. Its title has the date and the exact time as sent. */
export function Time({ at, form = 'moment', className }: Props) {
	const format = useFormat();
	return (
		<time className={className} dateTime={at} title={at}>
			{format[form](at)}
		</time>
	);
}

/** A sentence with a time in it. */
export function TimeIn({ say, ...time }: Props & { readonly say: (time: string) => string }) {
	// No word contains the mark, so the time stands where the words of each language place it.
	const [before, after] = say('\0').split('\0');
	return (
		<>
			{before}
			<Time {...time} />
			{after}
		</>
	);
}
