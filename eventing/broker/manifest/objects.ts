import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import * as z from 'zod';

/** What a manifest says cannot be used; the message names file, object, what was found and what is wanted. */
export class ManifestError extends Error {
	override name = 'ManifestError';
}

/** A Kubernetes object as a manifest has it, and the file it is from. */
export interface KubernetesObject {
	file: string;
	apiVersion: string;
	kind: string;
	content: Record<string, unknown>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Every object of some manifests, those inside a List too.
 *
 * @throws ManifestError if a file cannot be read or is no YAML.
 */
export function readObjects(files: readonly string[]): KubernetesObject[] {
	return files.flatMap((file) => parseObjects(file, readText(file)));
}

function readText(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		throw new ManifestError(`${file}: cannot be read: ${(error as Error).message}`);
	}
}

/** The objects of one manifest's text. `file` is for messages. @throws ManifestError if the text is no YAML. */
export function parseObjects(file: string, text: string): KubernetesObject[] {
	const documents = parseAllDocuments(text);
	return [...documents].flatMap((document) => {
		const error = document.errors[0];
		if (error !== undefined) throw new ManifestError(`${file}: no YAML: ${error.message}`);
		return flatten(file, document.toJS());
	});
}

function flatten(file: string, content: unknown): KubernetesObject[] {
	if (content === null || content === undefined) return [];
	if (!isRecord(content)) {
		throw new ManifestError(`${file}: found ${describe(content)}, wanted a Kubernetes object with a kind`);
	}
	if (content.kind === 'List' && Array.isArray(content.items)) {
		return content.items.flatMap((item) => flatten(file, item));
	}
	return [{ file, apiVersion: String(content.apiVersion), kind: String(content.kind), content }];
}

export const metadata = z.looseObject({
	name: z.string('wanted a name').min(1, 'wanted a name'),
	namespace: z.string('wanted a string').min(1, 'wanted a name').default('default'),
});

/** An object as its schema wants it. @throws ManifestError naming the first field that is not. */
export function parseObject<T>(schema: z.ZodType<T>, { file, kind, content }: KubernetesObject): T {
	const result = schema.safeParse(content);
	if (result.success) return result.data;
	const { path, message } = deepest(result.error.issues);
	const field = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
	const found = path.reduce<unknown>(
		(value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
		content,
	);
	throw new ManifestError(
		`${file}: ${kind} ${nameOf(content)}: ${field.slice(1) || 'object'}: found ${describe(found)}, ${message}`,
	);
}

/** The first issue; of several choices, the first issue of the first. */
function deepest(issues: readonly z.core.$ZodIssue[]): { path: PropertyKey[]; message: string } {
	const issue = issues[0];
	if (issue === undefined) return { path: [], message: 'not valid' };
	if (issue.code !== 'invalid_key') return { path: issue.path, message: issue.message };
	return { path: issue.path, message: issue.issues[0]?.message ?? issue.message };
}

function nameOf(content: Record<string, unknown>): string {
	const found = isRecord(content.metadata) ? content.metadata : {};
	return `${String(found.namespace ?? 'default')}/${String(found.name ?? '(no name)')}`;
}

function describe(value: unknown): string {
	if (value === undefined) return 'nothing';
	const text = JSON.stringify(value);
	return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
