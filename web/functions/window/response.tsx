import { Link, useSearchParams } from 'wouter';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { withParam } from '../../ui/search.tsx';
import { Table } from '../../ui/table.tsx';
import type { Attempt } from './attempt.ts';

const useWords = words(
	{
		title: 'Response',
		status: (status: number, duration: string) => `${status} after ${duration}`,
		headers: 'Headers',
		header: 'Header',
		value: 'Value',
		body: 'Response body',
		none: 'It has no body.',
		cut: 'Only the beginning is shown.',
		trace: 'Trace',
		events: 'Its events',
		log: 'Its log lines',
	},
	{
		title: 'Réponse',
		status: (status: number, duration: string) => `${status} au bout de ${duration}`,
		headers: 'En-têtes',
		header: 'En-tête',
		value: 'Valeur',
		body: 'Corps de la réponse',
		none: 'Elle n’a pas de corps.',
		cut: 'Seul le début est affiché.',
		trace: 'Trace',
		events: 'Ses événements',
		log: 'Ses lignes de journal',
	},
);

/** The status, time, trace, headers and body of a response. */
export function Response({ answer: { status, took, headers, body, isCut, trace } }: { readonly answer: Attempt }) {
	const text = useWords();
	const { duration } = useFormat();
	const [, setParams] = useSearchParams();
	return (
		<div className="stack response">
			<h3>{text.title}</h3>
			<p role="status">
				<span className="stamp" data-kind={status < 400 ? 'good' : 'bad'}>
					{text.status(status, duration(took))}
				</span>
			</p>
			<div className="row small">
				<span>
					{text.trace} <code className="trace-id">{trace}</code>
				</span>
				<Link href={`/events?trace=${trace}`}>{text.events}</Link>
				<Button kind="bare" onClick={() => setParams((before) => withParam(before, 'trace', trace), { replace: true })}>
					{text.log}
				</Button>
			</div>
			{body ? (
				// biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be keyboard-focusable
				<section className="scroll listing" aria-label={text.body} tabIndex={0}>
					<pre>{body}</pre>
				</section>
			) : (
				<p className="quiet">{text.none}</p>
			)}
			{isCut && <p className="small quiet">{text.cut}</p>}
			<details>
				<summary>{text.headers}</summary>
				<Table
					label={text.headers}
					heads={[text.header, text.value]}
					rows={headers.map(([name, value]) => ({ key: name, cells: [name, value] }))}
				/>
			</details>
		</div>
	);
}
