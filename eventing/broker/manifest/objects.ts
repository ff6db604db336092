import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { parseYaml } from './yaml.ts';

/** A manifest is invalid. The message names the file, the object, the value found and the value expected. */
export class ManifestError extends Error {
	override name = 'ManifestError';
}

export interface KubernetesObject {
	file: string;
	apiVersion: string;
	kind: string;
	content: Record<string, unknown>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Includes the items of a List. @throws ManifestError if a file cannot be read or is not YAML. */
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

/** Parses the objects of one manifest's text. `file` is for messages. @throws ManifestError if the text is not YAML. */
export function parseObjects(file: string, text: string): KubernetesObject[] {
	let documents: unknown[];
	try {
		documents = parseYaml(text);
	} catch (error) {
		throw new ManifestError(`${file}: not valid YAML: ${(error as Error).message}`);
	}
	return documents.flatMap((document) => flatten(file, document));
}

function flatten(file: string, content: unknown, list?: Record<string, unknown>): KubernetesObject[] {
	if (content === null || content === undefined) return [];
	// The items of a TriggerList need no kind of their own, as for kubectl.
	const inferred = list && { apiVersion: list.apiVersion, kind: String(list.kind).replace(/List$/, '') };
	const object =
		isRecord(content) && inferred && !content.kind && !content.apiVersion ? { ...inferred, ...content } : content;
	if (!isRecord(object) || !isText(object.kind) || !isText(object.apiVersion)) {
		throw new ManifestError(
			`${file}: found ${describe(content)}, expected a Kubernetes object with apiVersion and kind`,
		);
	}
	if (Array.isArray(object.items)) return object.items.flatMap((item) => flatten(file, item, object));
	return [{ file, apiVersion: object.apiVersion, kind: object.kind, content: object }];
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

export const metadata = z.looseObject({
	name: z.string('expected a name').min(1, 'expected a name'),
	namespace: z
		.string('expected a string')
		.nullish()
		.transform((namespace) => namespace || 'default'),
});

/** Validates an object against its schema. @throws ManifestError naming the first invalid field. */
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
