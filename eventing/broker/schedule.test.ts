import { expect, test } from 'vitest';
import { Schedule } from './schedule.ts';

/** A Wednesday. */
const from = Date.parse('2026-01-14T10:07:30Z');

function runs(schedule: string, timeZone?: string, after = from): (string | undefined)[] {
	const found: (string | undefined)[] = [];
	const cron = new Schedule(schedule, timeZone);
	for (let at: number | undefined = after; at !== undefined && found.length < 3; ) {
		at = cron.next(at);
		found.push(at === undefined ? undefined : new Date(at).toISOString().slice(0, 19));
	}
	return found;
}

// The expected times are those of github.com/robfig/cron/v3.
test.each<[string, (string | undefined)[]]>([
	['* * * * *', ['2026-01-14T10:08:00', '2026-01-14T10:09:00', '2026-01-14T10:10:00']],
	['*/20 * * * * *', ['2026-01-14T10:07:40', '2026-01-14T10:08:00', '2026-01-14T10:08:20']],
	['5/20 * * * ?', ['2026-01-14T10:25:00', '2026-01-14T10:45:00', '2026-01-14T11:05:00']],
	['0-10/5,30 22 * * *', ['2026-01-14T22:00:00', '2026-01-14T22:05:00', '2026-01-14T22:10:00']],
	['@hourly', ['2026-01-14T11:00:00', '2026-01-14T12:00:00', '2026-01-14T13:00:00']],
	['@weekly', ['2026-01-18T00:00:00', '2026-01-25T00:00:00', '2026-02-01T00:00:00']],
	['@yearly', ['2027-01-01T00:00:00', '2028-01-01T00:00:00', '2029-01-01T00:00:00']],
	['0 0 * FEB-apr Mon', ['2026-02-02T00:00:00', '2026-02-09T00:00:00', '2026-02-16T00:00:00']],
	['0 0 13 * 5', ['2026-01-16T00:00:00', '2026-01-23T00:00:00', '2026-01-30T00:00:00']],
	['0 0 13 * ?', ['2026-02-13T00:00:00', '2026-03-13T00:00:00', '2026-04-13T00:00:00']],
	['0 0 */10 * 5', ['2026-01-16T00:00:00', '2026-01-21T00:00:00', '2026-01-23T00:00:00']],
	['0 0 31 * *', ['2026-01-31T00:00:00', '2026-03-31T00:00:00', '2026-05-31T00:00:00']],
	['0 0 29 2 *', ['2028-02-29T00:00:00', '2032-02-29T00:00:00', '2036-02-29T00:00:00']],
	['0 0 30 2 *', [undefined]],
	['CRON_TZ=Asia/Kolkata 17 3 * * *', ['2026-01-14T21:47:00', '2026-01-15T21:47:00', '2026-01-16T21:47:00']],
	['TZ=Local @daily', ['2026-01-15T00:00:00', '2026-01-16T00:00:00', '2026-01-17T00:00:00']],
])('%s runs at %j', (schedule, times) => {
	expect(runs(schedule)).toEqual(times);
});

test.each([
	// The clocks are set forward at 2:00, back at 3:00, and forward at midnight.
	[
		'30 2 * * *',
		'Europe/Berlin',
		'2026-03-28T12:00:00',
		['2026-03-30T00:30:00', '2026-03-31T00:30:00', '2026-04-01T00:30:00'],
	],
	[
		'30 2 * * *',
		'Europe/Berlin',
		'2026-10-24T12:00:00',
		['2026-10-25T00:30:00', '2026-10-25T01:30:00', '2026-10-26T01:30:00'],
	],
	[
		'0 0 * * *',
		'America/Sao_Paulo',
		'2018-11-03T00:00:00',
		['2018-11-03T03:00:00', '2018-11-05T02:00:00', '2018-11-06T02:00:00'],
	],
])('%s in %s after %s runs at %j', (schedule, timeZone, after, times) => {
	expect(runs(schedule, timeZone, Date.parse(`${after}Z`))).toEqual(times);
});

test.each([
	['* * * *', 'found 4 fields'],
	['* * * * * * *', 'found 7 fields'],
	['0 0 * * 7', 'found 7, expected 0 to 6'],
	['60 * * * *', 'found 60, expected 0 to 59'],
	['* * 0 * *', 'found 0, expected 1 to 31'],
	['5-1 * * * *', 'begins at 5, after its end 1'],
	['*/0 * * * *', 'found the step 0'],
	['1/2/3 * * * *', 'too many slashes'],
	['1-2-3 * * * *', 'too many slashes or hyphens'],
	['0 0 L * *', 'found "L", expected a number'],
	['0 0 * * 5#2', 'found "5#2", expected a number'],
	['0 0 * * sunday', 'found "sunday", expected a number'],
	['@reboot', 'found @reboot, expected one of @yearly'],
	['@every 90s', 'Knative rejects @every'],
	['CRON_TZ=Mars/Base * * * * *', 'unknown time zone "Mars/Base"'],
	['CRON_TZ=europe/berlin * * * * *', 'unknown time zone "europe/berlin"'],
	['CRON_TZ=+01:00 * * * * *', 'unknown time zone "+01:00"'],
])('rejects %s', (schedule, message) => {
	expect(() => new Schedule(schedule)).toThrow(message);
});
