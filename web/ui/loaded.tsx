import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { isPassing } from '../api/problem.ts';
import { words } from '../language.ts';
import { Failure } from './notice.tsx';

const useWords = words({ waiting: 'Waking up…' }, { waiting: 'Réveil en cours…' });

interface Props<Data> {
	readonly query: Pick<UseQueryResult<Data>, 'data' | 'error'>;
	/** In place of what is not there yet. */
	readonly waiting?: ReactNode;
	readonly children: (data: Data) => ReactNode;
}

/** What an answer shows: a place held for it at first, then what came, and what went wrong with the last look above it. */
export function Loaded<Data>({ query: { data, error }, waiting, children }: Props<Data>) {
	const text = useWords();
	return (
		<>
			<Failure error={error} heals={isPassing(error)} />
			{data !== undefined
				? children(data)
				: !error &&
					(waiting ?? (
						<div className="waiting" aria-busy="true">
							<span className="unseen">{text.waiting}</span>
						</div>
					))}
		</>
	);
}
