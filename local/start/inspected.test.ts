import { expect, test } from 'vitest';
import { portsOfInspected } from './inspected.ts';

const targets = ['cup', 'cup-events', 'plate'];

test('gives each target its port, or the next one from 9229', () => {
	const ports = portsOfInspected(['cup', 'plate:9230', 'cup-events'], targets);
	expect(Object.fromEntries(ports)).toEqual({ cup: 9229, plate: 9230, 'cup-events': 9231 });
});

test.each([
	[['cups'], '--inspect cups: expected one of cup, cup-events, plate, or NAME:PORT'],
	[[''], '--inspect : expected one of cup, cup-events, plate, or NAME:PORT'],
	[['cup:0'], '--inspect cup:0: expected a port from 1 to 65535'],
	[['cup:65536'], '--inspect cup:65536: expected a port from 1 to 65535'],
	[['cup:'], '--inspect cup:: expected a port from 1 to 65535'],
	[['cup', 'cup:9300'], '--inspect cup:9300: expected each function and port once; cup has port 9229'],
	[['cup:9300', 'plate:9300'], '--inspect plate:9300: expected each function and port once; cup has port 9300'],
])('rejects %j', (values, message) => {
	expect(() => portsOfInspected(values, targets)).toThrow(expect.objectContaining({ exitCode: 2, message }));
});
