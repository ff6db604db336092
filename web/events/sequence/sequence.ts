import type { Step } from './steps.ts';

/** The layout of a sequence diagram, in pixels from its upper left corner. */
interface Sequence {
	readonly width: number;
	readonly height: number;
	readonly lifelines: readonly { readonly name: string; readonly x: number }[];
	readonly arrows: readonly Arrow[];
	readonly bars: readonly Bar[];
}

export interface Arrow {
	readonly step: Step;
	/** Milliseconds since the first step. */
	readonly since: number | undefined;
	readonly y: number;
	/** Horizontal start and end. They are equal for `handled`, `dead` and `discarded`. */
	readonly from: number;
	readonly to: number;
}

/** The time that a function spends on an event, from received to handled. */
interface Bar {
	readonly event: string;
	readonly x: number;
	readonly top: number;
	readonly bottom: number;
}

export const broker = 'Broker';

/** Widths: the time column, the distance between lifelines, and the space for labels right of the last. */
const gutter = 88;
const column = 168;
const margin = 184;
/** Heights: the lifeline names, the minimum distance between rows, and the space below the last. */
const head = 44;
const row = 30;
const foot = 20;

/** Extra height below a failed attempt for its error. */
const said = 18;

/** Steps drawn as arrows that start at the Broker. */
const sent: ReadonlySet<Step['kind']> = new Set(['received', 'failed', 'waiting']);

/** Returns the distance between two rows. The scale is logarithmic: ten times the wait adds 12 pixels, up to 60. */
const gap = (milliseconds: number): number => row + Math.round(Math.min(60, 12 * Math.log10(1 + milliseconds / 10)));

/** The lifelines are the first publisher, the Broker, then the others as they appear. */
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
