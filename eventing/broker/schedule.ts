import { TimeZone } from './time-zone.ts';

/** The values that one field of a schedule selects. */
interface Field {
	readonly values: ReadonlySet<number>;
	/** Whether the field is unrestricted: `*` or `?`, also as one of several. */
	readonly star: boolean;
}

interface Bounds {
	readonly min: number;
	readonly max: number;
	readonly names?: readonly string[];
}

const seconds: Bounds = { min: 0, max: 59 };
const hours: Bounds = { min: 0, max: 23 };
const days: Bounds = { min: 1, max: 31 };
const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const months: Bounds = { min: 1, max: 12, names: monthNames };
const weekdays: Bounds = { min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] };
const order = [seconds, seconds, hours, days, months, weekdays];

const descriptors: Readonly<Record<string, string>> = {
	'@yearly': '0 0 0 1 1 *',
	'@annually': '0 0 0 1 1 *',
	'@monthly': '0 0 0 1 * *',
	'@weekly': '0 0 0 * * 0',
	'@daily': '0 0 0 * * *',
	'@midnight': '0 0 0 * * *',
	'@hourly': '0 0 * * * *',
};

const hourLength = 3_600_000;

/**
 * A cron schedule in the dialect of github.com/robfig/cron/v3, as Knative's PingSource reads it: five fields or six, with
 * seconds first; names; `?` as `*`; weekdays from 0 to 6; if days of the month and of the week are both restricted, one of
 * them suffices. `next` follows SpecSchedule.Next, also when clocks are set forward or back.
 */
export class Schedule {
	readonly #fields: readonly Field[];
	readonly #zone: TimeZone;

	/** @throws Error if Knative's webhook would reject the schedule or the time zone */
	constructor(schedule: string, timeZone = '') {
		if (schedule.includes('@every')) throw new Error('Knative rejects @every: use steps, such as */2 * * * *');
		const spec = timeZone === '' ? schedule : `CRON_TZ=${timeZone} ${schedule}`;
		const [, zone = '', rest] = /^(?:CRON_)?TZ=([^ ]*) (.*)$/s.exec(spec) ?? [];
		// Knative's programs run in UTC. Local time must not decide on a laptop either.
		this.#zone = new TimeZone(['', 'Local'].includes(zone) ? 'UTC' : zone);
		const text = rest?.trim() ?? spec;
		const found = text.startsWith('@') ? descriptors[text] : text;
		if (found === undefined) throw new Error(`found ${text}, expected one of ${Object.keys(descriptors).join(', ')}`);
		const fields = found.trim().split(/\s+/);
		if (fields.length === 5) fields.unshift('0');
		if (fields.length !== 6) throw new Error(`found ${fields.length} fields, expected 5 or 6`);
		this.#fields = order.map((bounds, index) => parseField(fields[index] ?? '', bounds));
	}

	/** Returns the first time after `after`, both in milliseconds, or undefined if there is none within five years. */
	next(after: number): number | undefined {
		const [second, minute, hourField, , month] = this.#fields as [Field, Field, Field, Field, Field, Field];
		const zone = this.#zone;
		let at = Math.floor(after / 1000) * 1000 + 1000;
		let added = false;
		if (this.#fields.some(({ values }) => values.size === 0)) return undefined;
		const lastYear = zone.parts(at).year + 5;
		/** Goes to the start of a unit when a field first does not match: the current time within it does not count. */
		const start = (begin: () => number): void => {
			if (!added) at = begin();
			added = true;
		};
		wrap: for (;;) {
			let time = zone.parts(at);
			if (time.year > lastYear) return undefined;
			while (!month.values.has(time.month)) {
				const { year, month } = time;
				start(() => zone.at(year, month, 1));
				({ time, at } = this.#moved(at, { months: 1 }));
				if (time.month === 1) continue wrap;
			}
			while (!this.#dayMatches(time)) {
				const { year, month, day } = time;
				start(() => zone.at(year, month, day));
				({ time, at } = this.#moved(at, { days: 1 }));
				// Where clocks are set forward at midnight, the day begins at 1.
				if (time.hour !== 0) at += (time.hour > 12 ? 24 - time.hour : -time.hour) * hourLength;
				time = zone.parts(at);
				if (time.day === 1) continue wrap;
			}
			while (!hourField.values.has(time.hour)) {
				const { year, month, day, hour: from } = time;
				start(() => zone.at(year, month, day, from));
				at += hourLength;
				time = zone.parts(at);
				if (time.hour === 0) continue wrap;
			}
			while (!minute.values.has(time.minute)) {
				start(() => Math.floor(at / 60_000) * 60_000);
				at += 60_000;
				time = zone.parts(at);
				if (time.minute === 0) continue wrap;
			}
			while (!second.values.has(time.second)) {
				added = true;
				at += 1000;
				time = zone.parts(at);
				if (time.second === 0) continue wrap;
			}
			return at;
		}
	}

	/**
	 * Moves by months or days on the calendar, to the same time of the day (Go's time.AddDate). Where a whole day is left out,
	 * as in Samoa in 2011, that can lead nowhere; robfig's loop then never ends.
	 */
	#moved(from: number, by: { months?: number; days?: number }) {
		const { year, month, day, hour, minute, second } = this.#zone.parts(from);
		const there = this.#zone.at(year, month + (by.months ?? 0), day + (by.days ?? 0), hour, minute, second);
		const at = there > from ? there : from + 24 * 60 * 60_000;
		return { at, time: this.#zone.parts(at) };
	}

	#dayMatches({ day, weekday }: { day: number; weekday: number }): boolean {
		const [, , , dayOfMonth, , dayOfWeek] = this.#fields as [Field, Field, Field, Field, Field, Field];
		const [one, other] = [dayOfMonth.values.has(day), dayOfWeek.values.has(weekday)];
		return dayOfMonth.star || dayOfWeek.star ? one && other : one || other;
	}
}

/** @throws Error if the field is malformed or selects a value outside its bounds */
function parseField(text: string, bounds: Bounds): Field {
	const ranges = text.split(',').filter((range) => range !== '');
	const fields = ranges.map((range) => parseRange(range, bounds));
	return { values: new Set(fields.flatMap(({ values }) => [...values])), star: fields.some(({ star }) => star) };
}

function parseRange(text: string, { min, max, names = [] }: Bounds): Field {
	const fail = (problem: string): never => {
		throw new Error(`${problem} in "${text}"`);
	};
	const number = (found: string): number =>
		/^\+?\d+$/.test(found) ? Number(found) : fail(`found "${found}", expected a number`);
	const value = (found: string): number => {
		const index = names.indexOf(found.toLowerCase());
		return index < 0 ? number(found) : index + min;
	};
	const [range = '', step, ...slashes] = text.split('/');
	const [low = '', high, ...hyphens] = range.split('-');
	const star = low === '*' || low === '?';
	if (slashes.length > 0 || (!star && hyphens.length > 0)) fail('too many slashes or hyphens');
	const first = star ? min : value(low);
	// "5/10" means from 5 to the largest value.
	const last = star || (high === undefined && step !== undefined) ? max : high === undefined ? first : value(high);
	const by = step === undefined ? 1 : number(step);
	if (first < min || last > max) fail(`found ${first < min ? first : last}, expected ${min} to ${max}`);
	if (first > last) fail(`the range begins at ${first}, after its end ${last},`);
	if (by === 0) fail('found the step 0, expected 1 or more');
	const values = new Set<number>();
	for (let at = first; at <= last; at += by) values.add(at);
	return { values, star: star && by === 1 };
}
