import { expect, test } from 'vitest';
import { parseDuration } from './duration.ts';

test.each([
	['PT0.2S', 200],
	['PT2S', 2000],
	['PT1M30S', 90_000],
	['PT1H', 3_600_000],
	['P1D', 86_400_000],
	['P1W', 604_800_000],
	['P1DT12H', 129_600_000],
	['P1Y', 31_556_952_000],
	['P0', 0],
	['PT0S', 0],
	['PT0,5S', 500],
	['PT0.25S', 200], // Knative's library reads only tenths
	['PT0.05S', 0],
	['PT.5S', 500],
	['PT1.S', 1000],
	['PT1000000S', 1_000_000_000],
	['P30D', 2_592_000_000],
	['P49DT17H2M47.3S', 4_294_967_300], // beyond 2 ** 32
	['-PT1S', -1000],
	['PT-1.5S', -1500],
	['-P0D', 0],
])('parses %s as %d ms', (text, milliseconds) => {
	expect(parseDuration(text)).toBe(milliseconds);
});

test.each(['', 'P', 'PT', '5s', 'PT5', '5', 'P1S', 'PT1S1M', 'pt1s', '--PT1S', 'PT.S', 'P1D1H', ' P1D', 'PT1e3S'])(
	'rejects "%s"',
	(text) => {
		expect(parseDuration(text)).toBeUndefined();
	},
);
