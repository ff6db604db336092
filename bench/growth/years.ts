/** How much a shop has seen. */
export interface Years {
	/** 80 % are completed, 10 % rejected, 10 % cancelled. With some invoices and deleted accounts, each makes 3.3 events. */
	readonly orders: number;
	readonly users: number;
	/** Dead letters, most of them resolved. */
	readonly letters: number;
	/** The days over which all is spread, up to now. */
	readonly days: number;
}

/** Returns what makes this many events. */
export const yearsOf = (events: number): Years => ({
	orders: Math.round(events * 0.3),
	users: Math.round(events / 100),
	letters: 2_000,
	days: 80,
});
