import type { ReactNode } from 'react';
import { Lost, Problem, TooSlow } from '../api/problem.ts';
import { words } from '../language.ts';

const useWords = words(
	{
		lost: 'The shop cannot be reached at the moment.',
		slow: 'No answer came in time.',
		again: 'This is tried again by itself.',
		trace: (id: string) => `Trace ${id}`,
	},
	{
		lost: 'La boutique est injoignable pour le moment.',
		slow: 'Aucune réponse n’est arrivée à temps.',
		again: 'Un nouvel essai suit de lui-même.',
		trace: (id: string) => `Trace ${id}`,
	},
);

interface Props {
	readonly kind?: 'good' | 'wait';
	readonly children: ReactNode;
}

/** Something to be read, and heard, as it comes up. */
export function Notice({ kind, children }: Props) {
	return (
		<div className="notice" data-kind={kind} role="status">
			{children}
		</div>
	);
}

/**
 * What went wrong, or nothing if nothing did. What the shop itself says of it is English (RFC 9457's `detail`), and marked so.
 * @param heals whether it is tried again without anybody's doing
 */
export function Failure({ error, heals = false }: { readonly error: unknown; readonly heals?: boolean }) {
	const text = useWords();
	if (!error) return null;
	const ours = error instanceof Problem && error.status >= 500;
	return (
		<Notice>
			{error instanceof Lost ? (
				text.lost
			) : error instanceof TooSlow ? (
				text.slow
			) : (
				<span lang="en">{error instanceof Error ? error.message : String(error)}</span>
			)}
			{heals && ` ${text.again}`}
			{ours && error.traceId && <span className="trace">{text.trace(error.traceId)}</span>}
		</Notice>
	);
}
