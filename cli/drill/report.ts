import { styleText } from 'node:util';
import type { Followed } from './follow.ts';

/** @param hadEffect whether the orders have met the fault */
export function report(fn: string, orders: readonly Followed[], hadEffect: boolean): string {
	const whole = orders.filter((order) => order.whole).length;
	const verdict =
		whole === orders.length
			? paint('green', `No event was lost or handled twice: ${fn} handled each event once, and every order settled.`)
			: paint('red', `${orders.length - whole} of ${orders.length} orders are incomplete or were processed twice.`);
	if (!hadEffect)
		return `${orders.map(line).join('\n')}\n${paint('red', 'The drill had no effect on these orders in time. Try it again.')}\n`;
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
		...(events.length ? [] : ['no event for this function']),
		...doubled.map((step) => `duplicate: ${step}`),
	];
	return `${order.whole ? paint('green', '✓') : paint('red', '✗')} ${parts.join(', ')}`;
}

const paint = (style: 'green' | 'red', text: string): string => styleText(style, text, { stream: process.stdout });
