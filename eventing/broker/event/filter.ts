import * as z from 'zod';
import type { Event } from './event.ts';

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

/** The value of `filter.attributes` and of the dialects exact, prefix and suffix. */
export const attributes = z.record(
	z.string().regex(/^[a-z][a-z0-9]*$/, 'expected an attribute name of lower-case letters and digits'),
	z.string('expected a string'),
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
		cesql: z
			.undefined('the local broker does not support CESQL: use exact, prefix, suffix, all, any or not')
			.optional(),
	})
	.refine(
		({ not, ...others }) => Object.values(others).filter(isSet).length + (not === undefined ? 0 : 1) <= 1,
		'expected one dialect in each filter',
	);

/** Knative's three filter results. At the top level `none` lets an event through, and `not` leaves it unchanged. */
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

/** Implements Knative's LookupAttribute: an unset context attribute is empty, an unset extension is undefined. */
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
	// Knative ignores a filter with an empty value and logs only a debug line.
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

/** All of `filters` must pass; without any, `filter.attributes` decides; without both, all events pass. */
export function compileFilter(wanted: Attributes = {}, filters: Dialect[] = []): Filter {
	if (filters.length > 0) {
		const every = combine(filters, 'fail');
		return (event) => every(event) !== 'fail';
	}
	return (event) =>
		Object.entries(wanted).every(([name, value]) => {
			const found = look(event, name);
			// An empty value matches any value, but the attribute must exist.
			return value === '' ? found !== undefined && found !== '' : found === value;
		});
}
