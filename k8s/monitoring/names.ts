import names from './names.json' with { type: 'json' };

/** The name of a scrape job. `names.json` lists the metrics that each job's targets expose on a real cluster. */
export type Job = keyof typeof names;

export const jobs = Object.keys(names) as readonly Job[];

/** Returns the sample names of a job's metrics. A histogram has three. */
export const sampleNamesOf = (job: Job): string[] =>
	Object.entries(names[job]).flatMap(([name, type]) =>
		type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name],
	);

const aggregations = /\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g;
const words = new Set(['and', 'or', 'unless', 'bool', 'offset', 'by', 'without', 'on', 'ignoring', 'inf', 'nan']);

/** Returns the metrics in a PromQL expression: the names that are not labels, functions or keywords. */
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
