import type { Command } from 'commander';
import { functions } from '../functions/index.ts';

/** Returns the words that can follow a command: its subcommands, options, choices and, where it takes some, function names. */
const wordsOf = (command: Command): string[] => [
	...command.commands.flatMap((each) => [each.name(), ...wordsOf(each)]),
	...command.options.flatMap(({ long, argChoices }) => [...(long ? [long] : []), ...(argChoices ?? [])]),
	...(command.registeredArguments.some((argument) => argument.name() === 'function')
		? functions.map(({ name }) => name)
		: []),
	...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
];

export function completion(program: Command, shell: 'bash' | 'zsh' | 'fish'): string {
	const commands = program.commands.map((command) => ({
		name: command.name(),
		description: command.description(),
		words: wordsOf(command),
	}));
	if (shell === 'fish')
		return commands
			.flatMap(({ name, description, words }) => [
				`complete -c bodega -f -n __fish_use_subcommand -a ${name} -d ${quote(description)}`,
				`complete -c bodega -f -n '__fish_seen_subcommand_from ${name}' -a ${quote(words.join(' '))}`,
			])
			.join('\n')
			.concat('\n');
	return `${[
		...(shell === 'zsh' ? ['autoload -Uz bashcompinit && bashcompinit'] : []),
		'_bodega() {',
		'\tlocal words',
		`\tcase \${COMP_WORDS[1]} in`,
		...commands.map(({ name, words }) => `\t${name}) words=${quote(words.join(' '))} ;;`),
		'\t*) words= ;;',
		'\tesac',
		`\t[ "$COMP_CWORD" = 1 ] && words=${quote(commands.map(({ name }) => name).join(' '))}`,
		`\tCOMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))`,
		'}',
		// Names of files, where no word fits.
		'complete -o default -F _bodega bodega',
	].join('\n')}\n`;
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
