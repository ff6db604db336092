import * as z from 'zod';
import type { Event } from './event.ts';

/** Whether a Trigger wants an event. */
export type Filter = (event: Event) => boolean;

type Attributes = Record<string, string>;

/** One entry of `spec.filters`: a single dialect of the CloudEvents Subscriptions API. */
export interface Dialect {
	exact?: Attributes | undefined;
	prefix?: Attributes | undefined;
	suffix?: Attributes | undefined;
	all?: Dialect[] | undefined;
	any?: Dialect[] | undefined;
	not?: Dialect | undefined;
	cesql?: undefined;
}

/** `filter.attributes`, and what the dialects exact, prefix and suffix take. */
export const attributes = z.record(
	z.string().regex(/^[a-z][a-z0-9]*$/, 'wanted an attribute name of lower-case letters and digits'),
	z.string('wanted a string'),
);

const isSet = (value: object | undefined): boolean => value !== undefined && Object.keys(value).length > 0;

export const dialect: z.ZodType<Dialect> = z
	.strictObject({
		exact: attributes.optional(),
		prefix: attributes.optional(),
		suffix: attributes.optional(),
		all: z.lazy(() => z.array(dialect)).optional(),
		any: z.lazy(() => z.array(dialect)).optional(),
		not: z.lazy(() => dialect).optional(),
		cesql: z.undefined('the local broker has no CESQL: use exact, prefix, suffix, all, any or not').optional(),
	})
	.refine(
		({ not, ...others }) => Object.values(others).filter(isSet).length + (not === undefined ? 0 : 1) <= 1,
		'wanted one dialect in each filter',
	);

/** Knative's three answers; `none` lets an event through at the top and is not turned round by `not`. */
type Verdict = 'pass' | 'fail' | 'none';
type Predicate = (event: Event) => Verdict;

const contextAttributes = new Set([
	'specversion',
	'type',
	'source',
	'subject',
	'id',
	'dataschema',
	'datacontenttype',
	'datacontentencoding',
]);

/** Knative's LookupAttribute: a context attribute that is not set is empty, an extension that is not set is missing. */
function look(event: Event, name: string): string | undefined {
	switch (name) {
		case 'time':
			return event.attributes.get('time') ?? '0001-01-01T00:00:00Z'; // Go's zero time
		case 'schemaurl':
			return event.attributes.get('dataschema') ?? event.attributes.get('schemaurl') ?? '';
		case 'datamediatype':
			return event.attributes.get('datacontenttype')?.split(';')[0]?.trim() ?? '';
		default:
			return event.attributes.get(name) ?? (contextAttributes.has(name) ? '' : undefined);
	}
}

function compare(wanted: Attributes, matches: (found: string, wanted: string) => boolean): Predicate | undefined {
	const entries = Object.entries(wanted);
	// Knative drops a filter with an empty value with no more than a debug line.
	if (entries.some(([, value]) => value === '')) return undefined;
	return (event) =>
		entries.every(([name, value]) => {
			const found = look(event, name);
			return found !== undefined && matches(found, value);
		})
			? 'pass'
			: 'fail';
}

function combine(dialects: Dialect[], decisive: Verdict): Predicate {
	const predicates = dialects.map(predicate).filter((each) => each !== undefined);
	return (event) => {
		let verdict: Verdict = 'none';
		for (const each of predicates) {
			verdict = each(event);
			if (verdict === decisive) break;
		}
		return verdict;
	};
}

function predicate({ exact, prefix, suffix, all, any, not }: Dialect): Predicate | undefined {
	if (exact !== undefined && isSet(exact)) return compare(exact, (found, wanted) => found === wanted);
	if (prefix !== undefined && isSet(prefix)) return compare(prefix, (found, wanted) => found.startsWith(wanted));
	if (suffix !== undefined && isSet(suffix)) return compare(suffix, (found, wanted) => found.endsWith(wanted));
	if (all !== undefined && isSet(all)) return combine(all, 'fail');
	if (any !== undefined && isSet(any)) return combine(any, 'pass');
	if (not === undefined) return undefined;
	const inner = predicate(not);
	return (event) => {
		const verdict = inner?.(event) ?? 'none';
		if (verdict === 'none') return 'none';
		return verdict === 'pass' ? 'fail' : 'pass';
	};
}

/** The filter of a Trigger: `filters` if it has any, all of which must pass, else `filter.attributes`, else everything. */
export function compileFilter(wanted: Attributes = {}, filters: Dialect[] = []): Filter {
	if (filters.length > 0) {
		const every = combine(filters, 'fail');
		return (event) => every(event) !== 'fail';
	}
	return (event) =>
		Object.entries(wanted).every(([name, value]) => {
			const found = look(event, name);
			// An empty value stands for any value, which must exist.
			return value === '' ? found !== undefined && found !== '' : found === value;
		});
}
