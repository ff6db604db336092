import { Argument, type Command } from 'commander';
import { kinds } from '../drill/kinds.ts';
import { action, data, namespace, number, url } from './options.ts';

const help = `
Drills:
  drill FUNCTION           the function fails to handle every event
  drill latency FUNCTION   each of its handlings takes longer
  drill failures FUNCTION  a percentage of its attempts fails
  drill poison FUNCTION    it can never handle one event, which becomes a dead letter and is replayed in the end
  drill broker FUNCTION    the Broker loses its memory while it holds the function's events

Each ends by itself after five minutes, whatever happens to this command.
Exit codes: 0 every order was settled once, 1 one was not or met no fault, 2 wrong options or password, 3 no shop.
`;

export function addDrillCommand(program: Command): void {
	const what = new Argument('[what]', 'kind of drill, or function that fails to handle every event');
	// Offered by the completion. Commander would reject a function if these were its own choices.
	what.argChoices = [...kinds];
	program
		.command('drill')
		.description('Inject a fault, place orders, end it, and check that no event is lost or handled twice')
		.addArgument(what)
		.argument('[function]', 'function that handles events of an order (default: the first of them)')
		// Each order is polled twice a second.
		.option('--orders <number>', 'number of orders to place', number('--orders', { least: 1, most: 50 }), 3)
		.option(
			'--milliseconds <number>',
			'with latency: how much longer each handling takes (default: 1000)',
			number('--milliseconds', { least: 1, most: 2000 }),
		)
		.option(
			'--percent <number>',
			'with failures: how many of a hundred attempts fail (default: 50)',
			number('--percent', { least: 1, most: 99 }),
		)
		.option(...url)
		.option(...data)
		.option(...namespace)
		.option('--json', 'print the result as JSON')
		.addHelpText('after', help)
		.action(
			action(async (stop, what, fn, options) => (await import('../drill/drill.ts')).drill(what, fn, options, stop)),
		);
}
