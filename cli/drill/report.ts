import { styleText } from 'node:util';
import type { Followed } from './follow.ts';

/** The result of a drill for people: a line for each order, and one for all. */
export function report(fn: string, orders: readonly Followed[]): string {
	const whole = orders.filter((order) => order.whole).length;
	const verdict =
		whole === orders.length
			? paint('green', `Nothing lost, nothing doubled: each event of ${fn} was handled once, each order settled.`)
			: paint('red', `${orders.length - whole} of ${orders.length} orders were not settled exactly once.`);
	return `${orders.map(line).join('\n')}\n${verdict}\n`;
}

function line(order: Followed): string {
	const { id, status, invoices, events, doubled } = order;
	const parts = [
		`order ${id} ${status}`,
		`${invoices} invoice${invoices === 1 ? '' : 's'}`,
		...events.map(({ type, attempts, handled_at }) =>
			handled_at ? `${type} handled at attempt ${attempts}` : `${type} not handled after ${attempts} attempts`,
		),
		...(events.length ? [] : ['no event of it came']),
		...doubled.map((step) => `doubled: ${step}`),
	];
	return `${order.whole ? paint('green', '✓') : paint('red', '✗')} ${parts.join(', ')}`;
}

const paint = (style: 'green' | 'red', text: string): string => styleText(style, text, { stream: process.stdout });
