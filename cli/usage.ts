import type { Command, CommanderError } from 'commander';
import { Failure } from '../k8s/kubectl/failure.ts';

/** Returns the command that arguments name, and the program itself if they name none. */
export function commandOf(program: Command, args: readonly string[]): Command {
	let found = program;
	for (const arg of args) {
		const next = found.commands.find((each) => each.name() === arg);
		if (!next) break;
		found = next;
	}
	return found;
}

/** Returns the words with which a user calls a command: `bodega admin password`. */
export const pathOf = (command: Command): string =>
	command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();

/** Returns a failure for arguments that commander rejects. It says what was found and what was expected. */
export const refusal = ({ code, message }: CommanderError, command: Command): Failure =>
	new Failure('usage', (messages[code] ?? bare)(message, command));

const bare = (message: string): string => message.replace(/^error: /, '');
const quoted = (message: string): string => /'([^']*)'/.exec(message)?.[1] ?? '';
const flagOf = (message: string): string => /--[\w-]+/.exec(quoted(message))?.[0] ?? quoted(message);

/** Returns the names that commander takes for a misspelt one, or else all names. */
const meant = (message: string, all: readonly string[]): string => {
	const similar = /Did you mean (?:one of )?([^?]*)\?/.exec(message)?.[1];
	if (similar) return `did you mean ${similar}?`;
	return all.length ? `expected ${all.length > 1 ? 'one of ' : ''}${all.join(', ')}` : 'expected none';
};

const namesOf = (command: Command): string[] => command.commands.map((each) => each.name());

/** The messages by commander's codes. */
const messages: Readonly<Record<string, (message: string, command: Command) => string>> = {
	'commander.unknownOption': (message, { options }) =>
		`${quoted(message)}: unknown option; ${meant(
			message,
			options.flatMap(({ long }) => long ?? []),
		)}`,
	'commander.unknownCommand': (message, command) =>
		`${quoted(message)}: unknown command; ${meant(message, namesOf(command))}`,
	// A command that only has other commands, without one of them.
	'commander.help': (_message, command) => `${pathOf(command)}: expected a command: ${namesOf(command).join(', ')}`,
	'commander.missingArgument': (message, command) => {
		const argument = command.registeredArguments.find((each) => each.name() === quoted(message));
		return `${pathOf(command)}: expected <${quoted(message)}>: ${argument?.description}`;
	},
	'commander.excessArguments': (_message, { args, registeredArguments }) => {
		const most = registeredArguments.length;
		return `${args.slice(most).join(' ')}: unexpected; expected ${most ? `at most ${most} argument${most > 1 ? 's' : ''}` : 'no argument'}`;
	},
	'commander.optionMissingArgument': (message, { options }) => {
		const option = options.find(({ long }) => long === flagOf(message));
		const choices = option?.argChoices?.join(', ');
		return `${flagOf(message)}: expected a value: ${choices ?? option?.description}`;
	},
	'commander.missingMandatoryOptionValue': (message) => `${quoted(message)}: expected this option`,
	'commander.invalidArgument': (message) => {
		const [, value = ''] = /(?:value|argument) '([^']*)' is invalid/.exec(message) ?? [];
		const [, choices = ''] = /Allowed choices are (.*)\.$/.exec(message) ?? [];
		return `${[...(/--[\w-]+/.exec(message) ?? []), value].join(' ')}: expected one of ${choices}`;
	},
	'commander.conflictingOption': (message) => {
		const [, one, other] = /option '([^']*)' cannot be used with option '([^']*)'/.exec(message) ?? [];
		return `${one?.split(' ')[0]}: cannot be combined with ${other?.split(' ')[0]}; expected one of them`;
	},
};
