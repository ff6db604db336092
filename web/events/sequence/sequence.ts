import type { Step } from './steps.ts';

/** Where everything of a sequence drawing goes, in pixels from its upper left corner. */
export interface Sequence {
	readonly width: number;
	readonly height: number;
	readonly lifelines: readonly Lifeline[];
	readonly arrows: readonly Arrow[];
	/** Who is at work on an event, from when it was received until it was handled. */
	readonly bars: readonly Bar[];
}

export interface Lifeline {
	readonly name: string;
	readonly x: number;
}

export interface Arrow {
	readonly step: Step;
	/** Milliseconds since the first step. */
	readonly since: number | undefined;
	readonly y: number;
	/** From whom to whom; the same for what goes nowhere: `handled`, `dead`, `discarded`. */
	readonly from: number;
	readonly to: number;
}

export interface Bar {
	readonly event: string;
	readonly x: number;
	readonly top: number;
	readonly bottom: number;
}

/** What all events go through. */
export const broker = 'Broker';

/** The column of the times, the distance of two lifelines, and what is written to the right of the last. */
const gutter = 88;
const column = 168;
const margin = 184;
/** The lifelines' names, the least distance of two rows, and what is below the last. */
const head = 44;
const row = 30;
const foot = 20;

/** What an attempt that failed needs below it for its error. */
const said = 18;

/** What the Broker sends. */
const sent: ReadonlySet<Step['kind']> = new Set(['received', 'failed', 'waiting']);

/** Time goes downwards, compressed: tenfold the time is 12 pixels more. */
const gap = (milliseconds: number): number => row + Math.round(Math.min(60, 12 * Math.log10(1 + milliseconds / 10)));

/** Lays a trace out as a sequence drawing: a lifeline each for who published first, the Broker, and the others as they come in. */
export function layOut(steps: readonly Step[]): Sequence {
	const [first] = steps;
	const names = [...new Set([...(first ? [first.function] : []), broker, ...steps.map((step) => step.function)])];
	const lifelines = names.map((name, index) => ({ name, x: gutter + column / 2 + index * column }));
	const x = (name: string): number => lifelines[names.indexOf(name)]?.x ?? 0;

	const arrows: Arrow[] = [];
	const bars: Bar[] = [];
	let y = head;
	for (const [index, step] of steps.entries()) {
		const before = steps[index - 1];
		const waited = step.at === undefined || before?.at === undefined ? 0 : step.at - before.at;
		y += before ? gap(waited) + (before.kind === 'failed' ? said : 0) : row / 2;
		const place = x(step.function);
		const from = sent.has(step.kind) ? x(broker) : place;
		const to = step.kind === 'published' ? x(broker) : place;
		const since = step.at === undefined || first?.at === undefined ? undefined : step.at - first.at;
		arrows.push({ step, since, y, from, to });
		if (step.kind === 'handled') {
			const received = arrows.findLast(
				(each) => each.step.kind === 'received' && each.step.event === step.event && each.to === place,
			);
			bars.push({ event: step.event, x: place, top: received?.y ?? y, bottom: y });
		}
	}
	return {
		width: gutter + (names.length - 1) * column + column / 2 + margin,
		height: y + said + foot,
		lifelines,
		arrows,
		bars,
	};
}
