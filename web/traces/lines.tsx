import type { CSSProperties } from 'react';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import type { Line, Waterfall } from './waterfall.ts';

const useWords = words(
	{
		label: 'Spans',
		http: 'HTTP',
		query: 'query',
		event: 'event',
		step: 'step',
		failed: 'failed',
		at: (start: string) => `after ${start}`,
		took: (took: string) => `took ${took}`,
	},
	{
		label: 'Spans',
		http: 'HTTP',
		query: 'requête SQL',
		event: 'événement',
		step: 'étape',
		failed: 'échec',
		at: (start: string) => `après ${start}`,
		took: (took: string) => `a duré ${took}`,
	},
);

/** The spans of a trace, each with a bar on the common axis of time. */
export function Lines({ waterfall: { lines, took } }: { readonly waterfall: Waterfall }) {
	const text = useWords();
	const { span: duration } = useFormat();
	return (
		<div className="card trace">
			<p className="trace-axis figures" aria-hidden="true">
				{[0, 0.25, 0.5, 0.75, 1].map((part) => (
					<span key={part}>{duration(part * took)}</span>
				))}
			</p>
			<ol className="trace-lines" aria-label={text.label}>
				{lines.map((line) => (
					<TraceLine key={line.id} line={line} whole={took} />
				))}
			</ol>
		</div>
	);
}

const percent = (part: number, whole: number): string => `${whole ? (100 * part) / whole : 0}%`;

function TraceLine({ line, whole }: { readonly line: Line; readonly whole: number }) {
	const text = useWords();
	const { span: duration } = useFormat();
	const { service, what, name, depth, start, took, error, attributes } = line;
	const place = { '--depth': depth, '--start': percent(start, whole), '--took': percent(took, whole) };
	return (
		<li className="trace-line" data-kind={what} style={place as CSSProperties}>
			<details>
				<summary>
					<span className="trace-name">
						<span className="trace-kind">{text[what]}</span> <b>{name}</b> <span className="quiet">{service}</span>
						{error !== undefined && (
							<span className="stamp" data-kind="bad">
								{text.failed}
							</span>
						)}
					</span>
					<span className="trace-took figures">
						<span className="unseen">{text.at(duration(start))}, </span>
						{duration(took)}
					</span>
					<span className="trace-bar" aria-hidden="true" />
				</summary>
				<dl className="trace-details">
					<div>
						<dt>{text.at(duration(start))}</dt>
						<dd>{text.took(duration(took))}</dd>
					</div>
					{error !== undefined && (
						<div>
							<dt>{text.failed}</dt>
							<dd className="told-error" lang="en">
								{error}
							</dd>
						</div>
					)}
					{attributes.map(([key, value]) => (
						<div key={key}>
							<dt>
								<code>{key}</code>
							</dt>
							<dd>
								<code>{value}</code>
							</dd>
						</div>
					))}
				</dl>
			</details>
		</li>
	);
}
