import type { Command, Option } from 'commander';
import { functions } from '../functions/index.ts';
import { drillable } from './drill/story.ts';
import { removable } from './scaffold/remove.ts';
import { pathOf } from './usage.ts';

type Shell = 'bash' | 'zsh' | 'fish';

/** The values of an argument or of an option: words, the names of files, or texts that a shell cannot know. */
type Values = readonly string[] | 'files' | 'text';

interface Choice {
	/** All ways to write it: `--namespace`, `-n`. */
	readonly flags: readonly string[];
	readonly description: string;
	/** The value that follows it. */
	readonly value?: Values;
	/** The flags that cannot be used beside it. It is one of them, because a second time it would replace the first. */
	readonly excludes: readonly string[];
}

/** A command with the words that can follow it. */
interface Point {
	/** The words of the command: `bodega admin password`. */
	readonly path: string;
	readonly commands: readonly Command[];
	readonly options: readonly Choice[];
	readonly values: Values;
	/** The number of arguments that have values. */
	readonly most: number;
}

/** Returns the functions that a command's argument can name. */
async function named(command: string): Promise<readonly string[]> {
	if (command.startsWith('bodega drill')) return await drillable();
	return command === 'bodega remove' ? removable() : functions.map(({ name }) => name);
}

const files = /file|folder|arguments/;

const valuesOf = (name: string, choices: readonly string[] | undefined): Values =>
	choices ?? (files.test(name) ? 'files' : 'text');

function choiceOf(option: Option, { options }: Command): Choice {
	const flagsOf = ({ short, long }: Option): string[] => [long, short].filter((flag) => flag !== undefined);
	// An option also knows which it excludes from those that name it. --x and --no-x have one attribute.
	const isOther = (other: Option): boolean =>
		other.attributeName() === option.attributeName() ||
		conflictsOf(option).includes(other.attributeName()) ||
		conflictsOf(other).includes(option.attributeName());
	return {
		flags: flagsOf(option),
		description: option.description,
		...(option.required ? { value: valuesOf(option.flags, option.argChoices) } : {}),
		excludes: option.variadic ? [] : options.filter(isOther).flatMap(flagsOf),
	};
}

/** Commander has no public property for them. */
const conflictsOf = (option: Option): readonly string[] =>
	(option as unknown as { conflictsWith: readonly string[] }).conflictsWith;

async function pointsOf(command: Command): Promise<Point[]> {
	const own: Point = {
		path: pathOf(command),
		commands: command.commands,
		options: command.options.map((option) => choiceOf(option, command)),
		values: await argumentsOf(command),
		most: command.registeredArguments.some(({ variadic }) => variadic) ? 99 : command.registeredArguments.length,
	};
	return [own, ...(await Promise.all(command.commands.map(pointsOf))).flat()];
}

async function argumentsOf(command: Command): Promise<Values> {
	const [argument] = command.registeredArguments;
	if (!argument) return [];
	if (argument.name() === 'function') return await named(pathOf(command));
	// `new --shop` takes a folder.
	return valuesOf(pathOf(command) === 'bodega new' ? 'folder' : argument.name(), argument.argChoices);
}

export async function completion(program: Command, shell: Shell): Promise<string> {
	const points = await pointsOf(program);
	if (shell === 'fish') return fish(points);
	return `${shell === 'zsh' ? 'autoload -Uz bashcompinit && bashcompinit\n' : ''}${bash(points)}`;
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Returns the lines of a bash `case`, of which each matches some words. */
const cases = (lines: readonly (readonly [words: readonly string[], work: string])[]): string =>
	lines.map(([words, work]) => `\t\t${words.map(quote).join('|')}) ${work} ;;`).join('\n');

/** Returns the bash statement that offers values. zsh runs it too, but has no `compopt`. */
const offer = (values: Values): string =>
	values === 'files' ? 'files=1' : `offer=${quote(values === 'text' ? '' : values.join(' '))}`;

const bash = (points: readonly Point[]): string => `_bodega() {
	local at=bodega cur=\${COMP_WORDS[COMP_CWORD]} wants= excluded=' ' count=0 files= offer= first=1 index word found
	if [ "\${COMP_WORDS[0]##*/}" = npx ]; then
		[ "$COMP_CWORD" -gt 1 ] && [ "\${COMP_WORDS[1]}" = bodega ] || return
		first=2
	fi
	for ((index = first; index < COMP_CWORD; index++)); do
		word=\${COMP_WORDS[index]}
		[ "$word" != = ] || continue
		if [ -n "$wants" ]; then wants=; continue; fi
		case "$at $word" in
${cases(points.flatMap(({ path }) => (path.includes(' ') ? [[[path], 'at="$at $word"; count=0']] : [])))}
${cases(
	points.flatMap(({ path, options }) =>
		options.map(
			({ flags, value, excludes }) =>
				[
					flags.map((flag) => `${path} ${flag}`),
					`${value === undefined ? '' : `wants=${flags[0]}; `}excluded="$excluded${excludes.join(' ')} "`,
				] as const,
		),
	),
)}
		*' -'*) ;;
		*) count=$((count + 1)); excluded="$excluded$word " ;;
		esac
	done
	[ "$cur" != = ] || cur=
	case "$at $wants" in
${cases(
	points.flatMap(({ path, options }) =>
		options.flatMap(({ flags, value }) =>
			value === undefined ? [] : [[[`${path} ${flags[0]}`], offer(value)] as const],
		),
	),
)}
${cases(
	points.map(({ path, commands, options, values, most }) => {
		const flags = options.flatMap((option) => option.flags.slice(0, 1));
		const words = [...commands.map((each) => each.name()), ...flags];
		return [
			[`${path} `],
			`offer=${quote(words.join(' '))}; [ "$count" -ge ${most} ] || ${
				typeof values === 'string'
					? values === 'files'
						? 'files=1'
						: ':'
					: `offer="$offer "${quote(values.join(' '))}`
			}`,
		];
	}),
)}
	esac
	COMPREPLY=()
	for found in $(compgen -W "$offer" -- "$cur"); do
		case "$excluded" in *" $found "*) ;; *) COMPREPLY+=("$found") ;; esac
	done
	if [ -n "$files" ] && [ "\${cur#-}" = "$cur" ]; then
		compopt -o filenames 2>/dev/null
		while IFS= read -r found; do COMPREPLY+=("$found"); done < <(compgen -f -- "$cur")
	fi
}
complete -F _bodega bodega
complete -o default -F _bodega npx
`;

/** Fish shows the descriptions too. A condition says where it offers each word. */
const fish = (points: readonly Point[]): string => `function __bodega_at
	set -l words (commandline -opc)
	set -l at bodega
	if test (string split -r -m1 / $words[1])[-1] = npx
		test "$words[2]" = bodega; or return 1
		set -e words[1]
	end
	for word in $words[2..-1]
		contains -- "$at $word" ${points.map(({ path }) => quote(path)).join(' ')}; and set at "$at $word"
	end
	test "$at" = "$argv"
end

# Whether the line has none of these options. The first argument names an option whose value the cursor can be at.
function __bodega_lacks
	set -l words (commandline -opc)
	set -l own (string split , -- $argv[1])
	contains -- "$words[-1]" $own; and set -e words[-1]
	for word in $words
		contains -- (string replace -r '=.*' '' -- $word) $own $argv[2..-1]; and return 1
	end
	return 0
end

${points
	.flatMap(({ path, commands, options, values }) => {
		const at = `complete -c bodega -c npx -n ${quote(`__bodega_at ${path}`)}`;
		return [
			`${at} -f`,
			...commands.map((each) => `${at} -a ${each.name()} -d ${quote(each.description())}`),
			...(values === 'files' ? [`${at} -F`] : []),
			...(typeof values === 'string' ? [] : values.map((value) => `${at} -a ${quote(value)}`)),
			...options.map((option) => `${conditioned(path, option)} ${flagsInFish(option)} -d ${quote(option.description)}`),
		];
	})
	.join('\n')}
`;

function conditioned(path: string, { flags, value, excludes }: Choice): string {
	const own = value === undefined ? [] : flags;
	const lacks = [`'${own.join(',')}'`, ...excludes.filter((flag) => !own.includes(flag))].join(' ');
	const condition = excludes.length ? `__bodega_at ${path}; and __bodega_lacks ${lacks}` : `__bodega_at ${path}`;
	return `complete -c bodega -c npx -n "${condition}"`;
}

const flagsInFish = ({ flags, value }: Choice): string =>
	[
		...flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)),
		...(value === undefined ? [] : value === 'files' ? ['-r -F'] : ['-x']),
		...(Array.isArray(value) ? [`-a ${quote(value.join(' '))}`] : []),
	].join(' ');
