import { type Language, useLanguage } from './language.ts';

const formats = { en: formatOf('en'), fr: formatOf('fr') };

export const useFormat = () => formats[useLanguage()];

/** Returns formatters for amounts, numbers and times in one language. */
function formatOf(language: Language) {
	const dollars = new Intl.NumberFormat(language, {
		style: 'currency',
		currency: 'USD',
		currencyDisplay: 'narrowSymbol',
	});
	const today = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
	const otherDay = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short' });
	const seconds = new Intl.DateTimeFormat(language, { timeStyle: 'medium' });
	const exact = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'medium' });
	// A date without a time is parsed as UTC (ECMA-262, Date Time String Format).
	const ofWeek = new Intl.DateTimeFormat(language, { weekday: 'short', day: 'numeric', timeZone: 'UTC' });
	const number = (value: number, options?: Intl.NumberFormatOptions): string =>
		new Intl.NumberFormat(language, options).format(value);
	return {
		number,
		/** Formats a decimal amount (`"29.99"`) times a whole number. Exact, because it does not use floats. */
		money(amount: string, times = 1): string {
			const cents = String(BigInt(amount.replace('.', '')) * BigInt(times)).padStart(3, '0');
			// Intl formats all digits of a decimal string (ECMA-402, Intl mathematical values).
			return dollars.format(`${cents.slice(0, -2)}.${cents.slice(-2)}` as Intl.StringNumericLiteral);
		},
		/** Formats milliseconds in a suitable unit: `61 ms`, `2.4 s`. */
		duration: (milliseconds: number): string =>
			milliseconds < 1000
				? number(Math.round(milliseconds), { style: 'unit', unit: 'millisecond' })
				: number(milliseconds / 1000, { style: 'unit', unit: 'second', maximumFractionDigits: 1 }),
		/** Formats milliseconds, with fractions below ten: `0.42 ms`, `2.4 s`. */
		span: (milliseconds: number): string =>
			milliseconds < 1000
				? number(milliseconds, { style: 'unit', unit: 'millisecond', maximumSignificantDigits: 3 })
				: number(milliseconds / 1000, { style: 'unit', unit: 'second', maximumSignificantDigits: 3 }),
		/** Formats the time of day, with the date unless it is today. */
		moment(time: string): string {
			const when = new Date(time);
			return (when.toDateString() === new Date().toDateString() ? today : otherDay).format(when);
		},
		/** Formats the time of day to the second. */
		clock: (time: string): string => seconds.format(new Date(time)),
		/** Formats the date and the time of day to the second. */
		full: (time: string): string => exact.format(new Date(time)),
		/** Formats the time of day to the second, or the date and time to the minute if it is another day. */
		dated(time: string): string {
			const when = new Date(time);
			return (when.toDateString() === new Date().toDateString() ? seconds : otherDay).format(when);
		},
		/** Formats a date without a time (`2026-01-05`) as weekday and day of the month: `Mon 5`. */
		day: (date: string): string => ofWeek.format(new Date(date)),
	};
}
