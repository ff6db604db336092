import { useMemo } from 'react';
import { type Language, useLanguage } from './language.ts';

/** How amounts, numbers and times are written in a language. */
export interface Format {
	/** An amount as it travels (`"29.99"`), times a whole number; exact, so not with floats. */
	money(amount: string, times?: number): string;
	number(value: number, options?: Intl.NumberFormatOptions): string;
	/** Milliseconds, in the unit that suits them: `61 ms`, `2.4 s`. */
	duration(milliseconds: number): string;
	/** The time of day, with the date when it was another day. */
	moment(time: string): string;
	/** The time of day to the second. */
	clock(time: string): string;
	/** A date without a time (`2026-01-05`), by its day of the week and of the month: `Mon 5`. */
	day(date: string): string;
}

const formats: Record<Language, Format> = { en: formatOf('en'), fr: formatOf('fr') };

/** How things are written in the reader's language. */
export function useFormat(): Format {
	const language = useLanguage();
	return useMemo(() => formats[language], [language]);
}

function formatOf(language: Language): Format {
	const dollars = new Intl.NumberFormat(language, {
		style: 'currency',
		currency: 'USD',
		currencyDisplay: 'narrowSymbol',
	});
	const today = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
	const otherDay = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short' });
	const seconds = new Intl.DateTimeFormat(language, { timeStyle: 'medium' });
	// A date alone is read as UTC (ECMA-262, Date Time String Format).
	const ofWeek = new Intl.DateTimeFormat(language, { weekday: 'short', day: 'numeric', timeZone: 'UTC' });
	const number = (value: number, options?: Intl.NumberFormatOptions): string =>
		new Intl.NumberFormat(language, options).format(value);
	return {
		number,
		money(amount, times = 1) {
			const cents = String(BigInt(amount.replace('.', '')) * BigInt(times)).padStart(3, '0');
			// A decimal string is formatted to its last digit (ECMA-402, Intl mathematical values).
			return dollars.format(`${cents.slice(0, -2)}.${cents.slice(-2)}` as Intl.StringNumericLiteral);
		},
		duration: (milliseconds) =>
			milliseconds < 1000
				? number(Math.round(milliseconds), { style: 'unit', unit: 'millisecond' })
				: number(milliseconds / 1000, { style: 'unit', unit: 'second', maximumFractionDigits: 1 }),
		moment(time) {
			const when = new Date(time);
			return (when.toDateString() === new Date().toDateString() ? today : otherDay).format(when);
		},
		clock: (time) => seconds.format(new Date(time)),
		day: (date) => ofWeek.format(new Date(date)),
	};
}
