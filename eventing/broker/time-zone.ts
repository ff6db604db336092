const minute = 60_000;

/** A time on the calendar and clock of a time zone. `month` counts from 1, `weekday` from Sunday = 0. */
export interface ZonedTime {
	readonly year: number;
	readonly month: number;
	readonly day: number;
	readonly hour: number;
	readonly minute: number;
	readonly second: number;
	readonly weekday: number;
}

/** A time zone of the IANA database. */
export class TimeZone {
	/** Undefined for UTC, which needs no formatting. */
	readonly #format: Intl.DateTimeFormat | undefined;
	/** The offset of the quarter of an hour that was last looked up, because zones change only at its start. */
	#last = { quarter: Number.NaN, offset: 0 };

	/** @throws Error if the zone is unknown. Names are case-sensitive, as for Go. */
	constructor(name: string) {
		if (name === 'UTC') return;
		const unknown = `unknown time zone "${name}", expected a name such as Europe/Berlin`;
		try {
			this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
		} catch {
			throw new Error(unknown);
		}
		const known = this.#format.resolvedOptions().timeZone;
		if (!/^[A-Z]/.test(name) || (known !== name && known.toLowerCase() === name.toLowerCase()))
			throw new Error(unknown);
	}

	/** Milliseconds to add to UTC. */
	#offset(at: number): number {
		if (this.#format === undefined) return 0;
		const quarter = Math.floor(at / (15 * minute));
		if (quarter !== this.#last.quarter) {
			const name = this.#format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
			const [, sign, hours = 0, minutes = 0, seconds = 0] = /GMT([+-])(\d+):(\d+)(?::(\d+))?/.exec(name) ?? [];
			const size = (Number(hours) * 60 + Number(minutes)) * minute + Number(seconds) * 1000;
			this.#last = { quarter, offset: sign === '-' ? -size : size };
		}
		return this.#last.offset;
	}

	parts(at: number): ZonedTime {
		const date = new Date(at + this.#offset(at));
		return {
			year: date.getUTCFullYear(),
			month: date.getUTCMonth() + 1,
			day: date.getUTCDate(),
			hour: date.getUTCHours(),
			minute: date.getUTCMinutes(),
			second: date.getUTCSeconds(),
			weekday: date.getUTCDay(),
		};
	}

	/**
	 * Returns the milliseconds of a time on the calendar. A time that does not exist, or exists twice, when clocks are set
	 * becomes the one that Go's time.Date chooses.
	 */
	at(year: number, month: number, day: number, hour = 0, minutes = 0, second = 0): number {
		const local = Date.UTC(year, month - 1, day, hour, minutes, second);
		const offset = this.#offset(local);
		return local - (offset === 0 ? 0 : this.#offset(local - offset));
	}
}
