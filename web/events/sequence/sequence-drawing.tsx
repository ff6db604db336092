import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { useNarrow } from '../../narrow.ts';
import { shortType } from '../naming.ts';
import { type Arrow, broker, layOut } from './sequence.ts';
import type { Step } from './steps.ts';

const useWords = words(
	{
		label: 'Sequence diagram of the trace, also listed step by step',
		region: 'Sequence diagram',
		attempt: (type: string, attempt: number) => (attempt > 1 ? `${type}, attempt ${attempt}` : type),
		handled: (took: string) => `handled, ${took}`,
		failed: (isFirst: boolean, more: number) =>
			`${isFirst ? 'attempt 1' : 'an attempt'} failed${more ? `, +${more}` : ''}`,
		by: { relay: 'relay: ', replay: 'replay: ', drill: 'drill: ' },
		waiting: (type: string) => `${type} waits`,
		dead: 'dead letter',
		discarded: 'discarded',
	},
	{
		label: 'Diagramme de séquence de la trace, également détaillée étape par étape',
		region: 'Diagramme de séquence',
		attempt: (type: string, attempt: number) => (attempt > 1 ? `${type}, essai ${attempt}` : type),
		handled: (took: string) => `traité, ${took}`,
		failed: (isFirst: boolean, more: number) => `${isFirst ? 'essai 1' : 'un essai'} échoué${more ? `, +${more}` : ''}`,
		by: { relay: 'relais : ', replay: 'rejoué : ', drill: 'exercice : ' },
		waiting: (type: string) => `${type} attend`,
		dead: 'lettre morte',
		discarded: 'abandonné',
	},
);

/**
 * The sequence diagram of a trace: a lifeline for each function and the Broker, with time running downwards.
 * On a phone there is no room for it: the list of the steps beside it is its narrow form.
 * @param event the id of the event to emphasize
 */
export function SequenceDrawing({ steps, event }: { readonly steps: readonly Step[]; readonly event: string }) {
	const text = useWords();
	const { duration } = useFormat();
	const narrow = useNarrow();
	if (narrow) return null;
	const { width, height, lifelines, arrows, bars } = layOut(steps);
	const labelOf = ({ kind, ...step }: Step): string => {
		const type = shortType(step.type);
		if (kind === 'published') return step.relays ? `${type} ×${1 + step.relays}` : type;
		if (kind === 'received') return text.attempt(type, step.attempt ?? 1);
		if (kind === 'handled') return text.handled(duration(step.took ?? 0));
		if (kind === 'failed') {
			const { publication, isFirst = false, times = 1 } = step.failed ?? {};
			return `${text.by[publication as keyof typeof text.by] ?? ''}${text.failed(isFirst, times - 1)}`;
		}
		return kind === 'waiting' ? text.waiting(type) : text[kind];
	};
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be keyboard-focusable
		<section className="scroll" aria-label={text.region} tabIndex={0}>
			<svg
				className="sequence"
				role="img"
				aria-label={text.label}
				width={width}
				height={height}
				viewBox={`0 0 ${width} ${height}`}
			>
				{lifelines.map(({ name, x }) => (
					<g key={name} className="lifeline" data-broker={name === broker}>
						<path d={`M${x} 36V${height - 8}`} />
						<text x={x} y={24}>
							{name}
						</text>
					</g>
				))}
				{bars.map(({ event: id, x, top, bottom }) => (
					<rect
						key={`${id} ${x}`}
						className="sequence-bar"
						data-own={id === event}
						x={x - 5}
						y={top}
						width={10}
						height={Math.max(bottom - top, 4)}
					/>
				))}
				{arrows.map((arrow) => (
					<g
						key={keyOf(arrow.step)}
						className="sequence-step"
						data-kind={arrow.step.kind}
						data-own={arrow.step.event === event}
					>
						{arrow.since !== undefined && (
							<text className="sequence-time" x={80} y={arrow.y + 4}>
								+{duration(arrow.since)}
							</text>
						)}
						<Message arrow={arrow} label={labelOf(arrow.step)} />
					</g>
				))}
			</svg>
		</section>
	);
}

/** Returns a unique key. Only `failed` steps can occur several times, so the key includes their number. */
export const keyOf = ({ event, function: fn, kind, failed }: Step): string =>
	`${event} ${fn} ${kind} ${failed?.index ?? 0}`;

/** An arrow with its label, or only the label for a step that stays on one lifeline. */
function Message({ arrow: { step, y, from, to }, label }: { readonly arrow: Arrow; readonly label: string }) {
	if (from === to)
		return (
			<text className="sequence-label" data-beside="true" x={to + 12} y={y + 4}>
				{step.kind === 'handled' ? '✓' : '✗'} {label}
			</text>
		);
	const forward = to > from ? 1 : -1;
	// The arrow ends at the edge of the activity bar.
	const tip = to - 6 * forward;
	return (
		<>
			<path className="sequence-line" d={`M${from} ${y}H${tip}`} />
			<path className="sequence-tip" d={`M${tip} ${y}l${-8 * forward} -4v8z`} />
			<text className="sequence-label" x={(from + to) / 2} y={y - 6}>
				{step.kind === 'failed' && '✗ '}
				{label}
			</text>
			{step.error !== undefined && (
				<text className="sequence-label" lang="en" x={(from + to) / 2} y={y + 15}>
					<title>{step.error}</title>
					{/* Short enough to fit between two lifelines. */}
					{step.error.length > 27 ? `${step.error.slice(0, 26)}…` : step.error}
				</text>
			)}
		</>
	);
}
