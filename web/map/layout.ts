import type { FunctionShape } from '../../functions/info/api.ts';
import * as wires from './wires.ts';

/** A rectangle in map pixels, from the map's top left corner. */
export interface Box {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

interface HouseBox extends Box {
	readonly name: string;
}

interface Wire {
	/** A key from wires.ts. */
	readonly key: string;
	readonly kind: 'call' | 'event' | 'schedule' | 'dead-letters';
	/** The SVG path of the line, with its arrowhead. */
	readonly path: string;
}

interface Note {
	readonly kind: 'schedule' | 'dead-letters';
	/** The cron expression of a schedule; empty for dead letters. */
	readonly text: string;
	readonly x: number;
	readonly y: number;
}

interface Layout {
	readonly width: number;
	readonly height: number;
	readonly houses: readonly HouseBox[];
	readonly lanes: readonly { readonly type: string; readonly label: Box }[];
	readonly street: Box;
	readonly wires: readonly Wire[];
	readonly notes: readonly Note[];
}

/** Sizes in pixels. */
const margin = 16;
const side = 152;
const house = { width: 96, height: 64, gap: 12 };
const channel = { edge: 28, step: 16 };
const yard = 64;
const lane = { height: 34, label: 28, edge: 14, sign: 36 };
/** The width of each connection at a house's lower edge. */
const slots = { event: 16, schedule: 72, 'dead-letters': 104 };

interface Slot {
	readonly kind: keyof typeof slots;
	readonly key: string;
	/** The event's type, or the schedule. */
	readonly text: string;
	readonly way: 'in' | 'out';
}

/** Returns whether a function is the gateway: it has no path of its own and no trigger or schedule, but calls others. */
const isGateway = ({ path, calls, reacts, schedule, dead_letters }: FunctionShape): boolean =>
	path === null && calls.length > 0 && !reacts.length && schedule === null && !dead_letters;

/** Returns the connections at a house's lower edge, from left to right. */
const slotsOf = ({ name, emits, reacts, schedule, dead_letters }: FunctionShape): Slot[] => [
	...reacts.map(({ type, trigger }) => ({ kind: 'event', key: wires.reacts(trigger), text: type, way: 'in' }) as const),
	...emits.map((type) => ({ kind: 'event', key: wires.emits(name, type), text: type, way: 'out' }) as const),
	...(schedule ? [{ kind: 'schedule', key: wires.wakes(name), text: schedule, way: 'in' } as const] : []),
	...(dead_letters ? [{ kind: 'dead-letters', key: wires.deadLetters(name), text: '', way: 'in' } as const] : []),
];

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
const widthOf = (shape: FunctionShape): number =>
	Math.max(house.width, sum(slotsOf(shape).map(({ kind }) => slots[kind])) + house.gap);

function row(shapes: readonly FunctionShape[], y: number, width: number): HouseBox[] {
	const spare = width - rowWidth(shapes);
	let x = margin + side + spare / (2 * shapes.length || 1);
	return shapes.map((shape) => {
		const box = { name: shape.name, x: Math.round(x), y, width: widthOf(shape), height: house.height };
		x += box.width + house.gap + spare / shapes.length;
		return box;
	});
}

const rowWidth = (shapes: readonly FunctionShape[]): number =>
	sum(shapes.map(widthOf)) + house.gap * Math.max(0, shapes.length - 1);

/** Returns the arrowhead of a line that ends at a point, going up or down. */
const head = (x: number, y: number, to: 'up' | 'down'): string => {
	const back = to === 'up' ? y + 6 : y - 6;
	return `M${x - 4} ${back}L${x} ${y}L${x + 4} ${back}`;
};

/**
 * Lays out the map; the same declarations give the same layout. The gateway is on the left, in the middle of the
 * channel for calls. Functions without events are above the channel; functions with events are below it, along the
 * street. The street is the Broker, with a lane for each event type: lines into it are publications, lines out of it
 * are deliveries.
 */
export function layOut(shapes: readonly FunctionShape[]): Layout {
	const gateway = shapes.find(isGateway);
	const eventful = shapes.filter((shape) => slotsOf(shape).length > 0);
	const plain = shapes.filter((shape) => shape !== gateway && !eventful.includes(shape));
	const inner = Math.max(rowWidth(plain), rowWidth(eventful));
	const called = shapes.flatMap((from) => (from === gateway ? [] : from.calls.map((to) => ({ from: from.name, to }))));

	const top = row(plain, margin, inner);
	const trunk = margin + house.height + channel.edge;
	const rowY = trunk + called.length * channel.step + channel.edge;
	const bottom = row(eventful, rowY, inner);
	const types = wires.typesOf(shapes);
	const street = {
		x: margin,
		y: rowY + house.height + yard,
		width: side + inner,
		height: 2 * lane.edge + types.length * lane.height + lane.sign,
	};
	const laneY = (type: string): number => street.y + lane.edge + (types.indexOf(type) + 0.5) * lane.height;
	const door = gateway && {
		name: gateway.name,
		x: margin,
		y: trunk - house.height / 2,
		width: house.width,
		height: house.height,
	};

	const doors = doorsOf([...top, ...bottom], called, trunk);
	const feet = eventful.flatMap((shape, index) => feetOf(shape, bottom[index] as HouseBox));
	return {
		width: street.width + 2 * margin,
		height: street.y + street.height + margin,
		houses: [...(door ? [door] : []), ...top, ...bottom],
		street,
		lanes: types.map((type) => ({
			type,
			label: { x: street.x + 8, y: laneY(type) - lane.label / 2, width: side - 16, height: lane.label },
		})),
		wires: [
			...(door ? gateway.calls : []).map((to) => doors.fromGateway(door as HouseBox, to)),
			...called.map((call, index) => doors.between(call, trunk + (index + 1) * channel.step)),
			...types.map((type) => {
				const ends = feet.filter((foot) => foot.kind === 'event' && foot.text === type).map(({ x }) => x);
				const path = `M${street.x + side - 8} ${laneY(type)}H${Math.max(street.x + side, ...ends)}`;
				return { key: wires.lane(type), kind: 'event' as const, path };
			}),
			...feet.map(({ kind, key, text, way, x, y }) => ({
				key,
				kind,
				path: wireOf(kind, way, x, y, kind === 'event' ? laneY(text) : street.y),
			})),
		],
		notes: feet.flatMap(({ kind, text, x, y }) =>
			kind === 'event' ? [] : [{ kind, text, x, y: kind === 'schedule' ? y + 26 : y + yard / 2 }],
		),
	};
}

/** Returns the point where each connection leaves its house. */
function feetOf(shape: FunctionShape, box: HouseBox): (Slot & { readonly x: number; readonly y: number })[] {
	const all = slotsOf(shape);
	let x = box.x + (box.width - sum(all.map(({ kind }) => slots[kind]))) / 2;
	return all.map((slot) => {
		// The line for dead letters is off-center to leave space for its label.
		const foot = { ...slot, x: x + (slot.kind === 'dead-letters' ? 12 : slots[slot.kind] / 2), y: box.y + box.height };
		x += slots[slot.kind];
		return foot;
	});
}

/** Returns the line from a house's lower edge to its lane, or to the edge of the street. */
function wireOf(kind: Slot['kind'], way: Slot['way'], x: number, foot: number, end: number): string {
	if (kind === 'schedule') return `M${x} ${foot + 18}V${foot}${head(x, foot, 'up')}`;
	if (way === 'out') return `M${x} ${foot}V${end}${head(x, end, 'down')}`;
	// A dot marks the lane it starts from; it only crosses the others.
	const knot = kind === 'event' ? `M${x - 2} ${end}A2 2 0 1 0 ${x + 2} ${end}A2 2 0 1 0 ${x - 2} ${end}` : '';
	return `M${x} ${end}V${foot}${head(x, foot, 'up')}${knot}`;
}

/** Returns functions that draw calls. Each call has its own point on the side of a house that faces the channel. */
function doorsOf(
	boxes: readonly HouseBox[],
	called: readonly { readonly from: string; readonly to: string }[],
	trunk: number,
) {
	const face = (name: string, which: string) => {
		const box = boxes.find((each) => each.name === name) as HouseBox;
		const uses = [
			'gateway',
			...called.flatMap(({ from, to }) => (from === name || to === name ? [wires.calls(from, to)] : [])),
		];
		const x = Math.round(box.x + (box.width * (uses.indexOf(which) + 1)) / (uses.length + 1));
		const above = box.y < trunk;
		return { x, y: above ? box.y + box.height : box.y, to: above ? ('up' as const) : ('down' as const) };
	};
	return {
		fromGateway({ name, x, width }: HouseBox, to: string): Wire {
			const end = face(to, 'gateway');
			const path = `M${x + width} ${trunk}H${end.x}V${end.y}${head(end.x, end.y, end.to)}`;
			return { key: wires.calls(name, to), kind: 'call', path };
		},
		between({ from, to }: { readonly from: string; readonly to: string }, y: number): Wire {
			const key = wires.calls(from, to);
			const [start, end] = [face(from, key), face(to, key)];
			return {
				key,
				kind: 'call',
				path: `M${start.x} ${start.y}V${y}H${end.x}V${end.y}${head(end.x, end.y, end.to)}`,
			};
		},
	};
}
