import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { isPassing } from '../api/problem.ts';
import { words } from '../language.ts';
import { Failure } from './notice.tsx';

const useWords = words({ waiting: 'Loading…' }, { waiting: 'Chargement…' });

interface Props<Data> {
	readonly query: Pick<UseQueryResult<Data>, 'data' | 'error'>;
	readonly waiting?: ReactNode;
	/** Shown instead of an empty list. */
	readonly empty?: ReactNode;
	readonly children: (data: Data) => ReactNode;
}

/** Shows a placeholder first, then the data, and above it the error of the last request. */
export function Loaded<Data>({ query: { data, error }, waiting, empty, children }: Props<Data>) {
	const text = useWords();
	const isEmpty = Array.isArray(data) && data.length === 0;
	return (
		<>
			<Failure error={error} heals={isPassing(error)} />
			{data !== undefined
				? isEmpty && empty
					? empty
					: children(data)
				: !error &&
					(waiting ?? (
						<div className="waiting" aria-busy="true">
							<span className="unseen">{text.waiting}</span>
						</div>
					))}
		</>
	);
}
