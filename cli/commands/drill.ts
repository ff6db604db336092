import type { Command } from 'commander';
import type { Kind } from '../drill/choose.ts';
import type { DrillOptions } from '../drill/drill.ts';
import { examples } from '../help.ts';
import { action, data, namespace, number, url } from './options.ts';

const ending = `
Ends by itself after five minutes. Exit codes: 0 nothing was lost, 1 otherwise`;

/** Adds `drill`, which makes a function fail to handle every event, and a command below it for each other kind of fault. */
export function addDrillCommand(program: Command): void {
	const drill = addKind(program, 'outage', 'Break a function on purpose, and check that no event is lost or doubled');
	drill
		.summary('break it, and check it')
		.addHelpText('after', endOf({ 'npx bodega drill billing --orders 5': 'breaks billing for 5 orders' }));
	const add = (kind: Kind, description: string): Command =>
		addKind(drill, kind, description).addHelpText(
			'after',
			endOf({ [`npx bodega drill ${kind} billing`]: 'does so with billing' }),
		);
	add('latency', 'Delay each handling of an event').option(
		'--milliseconds <number>',
		'how much longer each handling takes',
		number('--milliseconds', { least: 1, most: 2000 }),
		1000,
	);
	add('failures', 'Let a percentage of the attempts fail').option(
		'--percent <number>',
		'how many of a hundred attempts fail',
		number('--percent', { least: 1, most: 99 }),
		50,
	);
	add('poison', 'Make one event a dead letter, and replay it');
	add('broker', 'Clear the memory of the Broker while it holds events');
}

const endOf = (lines: Readonly<Record<string, string>>): string => `${ending}\n${examples(lines)}`;

function addKind(parent: Command, kind: Kind, description: string): Command {
	return (
		parent
			.command(kind === 'outage' ? 'drill' : kind)
			.description(description)
			.argument('[function]', 'function that handles events of an order')
			// Each order is polled twice a second.
			.option('--orders <number>', 'number of orders to place', number('--orders', { least: 1, most: 50 }), 3)
			.option(...url)
			.option(...data)
			.option(...namespace)
			.option('--json', 'print the result as JSON')
			.action(
				action(async (stop, fn, _options, command: Command) => {
					// commander gives the options that both commands have to the outer one, wherever they stand.
					const options = command.optsWithGlobals<DrillOptions>();
					return (await import('../drill/drill.ts')).drill(kind, fn, options, stop);
				}),
			)
	);
}
