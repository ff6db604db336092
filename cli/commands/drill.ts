import { Command } from 'commander';
import type { Kind } from '../drill/choose.ts';
import { examples } from '../help.ts';
import { action, data, namespace, number, url } from './options.ts';

const exitCodes = `
Ends by itself after five minutes, whatever happens to this command.
Exit codes: 0 every order was settled once, 1 one was not or met no fault`;

/** Adds `drill`, which makes a function fail to handle every event, and a command below it for each other kind of fault. */
export function addDrillCommand(program: Command): void {
	const drill = kindOf('outage', 'Break a function on purpose, repair it, and check that no event is lost or doubled')
		.summary('break it, and check it')
		.addHelpText(
			'after',
			`${exitCodes}\n${examples({
				'npx bodega drill billing --orders 5': 'breaks billing for 5 orders',
			})}`,
		);
	program.addCommand(drill);
	for (const each of [
		kindOf('latency', 'Delay each handling of an event, and check that nothing is lost or doubled').option(
			'--milliseconds <number>',
			'how much longer each handling takes',
			number('--milliseconds', { least: 1, most: 2000 }),
			1000,
		),
		kindOf('failures', 'Let a percentage of the attempts fail, and check that nothing is lost or doubled').option(
			'--percent <number>',
			'how many of a hundred attempts fail',
			number('--percent', { least: 1, most: 99 }),
			50,
		),
		kindOf('poison', 'Make one event a dead letter, replay it, and check that nothing is lost or doubled'),
		kindOf('broker', 'Clear the memory of the Broker while it holds events, and check that nothing is lost or doubled'),
	])
		drill.addCommand(
			each.addHelpText(
				'after',
				`${exitCodes}\n${examples({ [`npx bodega drill ${each.name()} billing`]: 'does so with billing' })}`,
			),
		);
}

function kindOf(kind: Kind, description: string): Command {
	return (
		new Command(kind === 'outage' ? 'drill' : kind)
			.description(description)
			.argument('[function]', 'function that handles events of an order (default: the first of them)')
			// Each order is polled twice a second.
			.option('--orders <number>', 'number of orders to place', number('--orders', { least: 1, most: 50 }), 3)
			.option(...url)
			.option(...data)
			.option(...namespace)
			.option('--json', 'print the result as JSON')
			.action(action(async (stop, fn, options) => (await import('../drill/drill.ts')).drill(kind, fn, options, stop)))
	);
}
