import { type Command, Help, type Option } from 'commander';

/** Returns the examples for the end of a command's help: lines of the shell, and what each does. */
export function examples(lines: Readonly<Record<string, string>>): string {
	const width = Math.max(...Object.keys(lines).map(({ length }) => length));
	const all = Object.entries(lines).map(([line, effect]) => `  ${line.padEnd(width)}  ${effect}`);
	return ['', 'Examples:', ...all].join('\n');
}

/** The look of all help: each fits a terminal of 80 columns and 24 lines. */
export const helpFormat = {
	/** Leaves out --help, because every command has it. */
	visibleOptions: ({ options }: Command): Option[] => options.filter(({ hidden }) => !hidden),

	subcommandTerm: (command: Command): string => command.name(),

	optionDescription: ({ description, argChoices, defaultValue }: Option): string =>
		[
			description,
			...(argChoices ? [`(${argChoices.join(', ')})`] : []),
			...(defaultValue === undefined || typeof defaultValue === 'boolean' ? [] : [`(default: ${defaultValue})`]),
		].join(' '),

	formatHelp(command: Command, help: Help): string {
		if (command.parent) return Help.prototype.formatHelp.call(help, command, help).replace('\n\n', '\n');
		const groups = Map.groupBy(command.commands, (each) => each.helpGroup());
		return [
			`Usage: ${command.name()} COMMAND [OPTIONS]`,
			`${command.description()}.`,
			'',
			...[...groups].flatMap(([title, commands]) => [title, ...columns(commands.map(lineOf))]),
			`Describe a command: ${command.name()} COMMAND --help   Print the version: ${command.name()} --version`,
			'',
		].join('\n');
	},
};

const lineOf = (command: Command): string => `${command.name().padEnd(12)}${command.summary()}`;

/** Sets lines in two columns, which read downwards. */
function columns(lines: readonly string[]): string[] {
	const half = Math.ceil(lines.length / 2);
	return lines.slice(0, half).map((left, row) => `  ${left.padEnd(38)}${lines[half + row] ?? ''}`.trimEnd());
}
