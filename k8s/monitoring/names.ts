import names from './names.json' with { type: 'json' };

/** What is scraped, by the name of its job; `names.json` lists the metrics that each was seen to tell on a cluster. */
export type Job = keyof typeof names;

export const jobs = Object.keys(names) as readonly Job[];

const suffixes = ['_bucket', '_sum', '_count'];

/** A job's metrics by the names that their samples have: those of a histogram are three. */
export const sampleNamesOf = (job: Job): string[] =>
	Object.entries(names[job]).flatMap(([name, type]) =>
		type === 'histogram' ? suffixes.map((suffix) => name + suffix) : [name],
	);

const aggregations = /\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g;
const words = new Set(['and', 'or', 'unless', 'bool', 'offset', 'by', 'without', 'on', 'ignoring', 'inf', 'nan']);

/** The metrics that an expression of PromQL asks for: the names that are neither labels, functions nor keywords. */
export function metricsOf(expression: string): string[] {
	const bare = expression
		.replace(/"[^"]*"/g, '')
		.replace(/\{[^}]*\}/g, '')
		.replace(/\[[^\]]*\]/g, '')
		.replace(aggregations, '')
		.replace(/\boffset\s+\w+/g, '');
	const found = [...bare.matchAll(/(?<![\w:.])([a-zA-Z_][\w:]*)(\s*\()?/g)];
	return [...new Set(found.flatMap(([, name = '', call]) => (call || words.has(name.toLowerCase()) ? [] : [name])))];
}
