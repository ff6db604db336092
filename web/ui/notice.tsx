import type { ReactNode } from 'react';
import { Lost, Problem, TooSlow } from '../api/problem.ts';
import { words } from '../language.ts';

const useWords = words(
	{
		lost: 'Can’t reach the shop right now.',
		slow: 'The shop took too long to answer.',
		again: 'Trying again shortly.',
		trace: (id: string) => `Trace ${id}`,
	},
	{
		lost: 'La boutique est injoignable pour le moment.',
		slow: 'La boutique met trop de temps à répondre.',
		again: 'Nouvel essai dans un instant.',
		trace: (id: string) => `Trace ${id}`,
	},
);

/** A message that screen readers also read aloud when it appears. */
export function Notice({ kind, children }: { readonly kind?: 'good' | 'wait'; readonly children: ReactNode }) {
	return (
		<div className="notice" data-kind={kind} role="status">
			{children}
		</div>
	);
}

/** Marks the shop's own message as English. @param heals whether the request is repeated automatically */
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
