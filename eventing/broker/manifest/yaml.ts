import { type Document, isAlias, isMap, isScalar, isSeq, type ParsedNode, parseAllDocuments, Scalar } from 'yaml';

/** The most uses of aliases in one document: with aliases in aliases, a few lines can stand for billions of values. */
const mostAliases = 1000;

/**
 * Parses the documents of a manifest as kubectl does (sigs.k8s.io/yaml on go-yaml 2): YAML 1.1 with `yes`, `on` and octal
 * numbers, without base 60 and dates; merge keys; the last of equal keys counts.
 * @throws Error if kubectl could not read it
 */
export function parseYaml(text: string): unknown[] {
	return split(text).map((part) => {
		// kubectl ignores everything after `...`.
		const [document] = parseAllDocuments(part, {
			schema: 'failsafe',
			version: '1.1',
			uniqueKeys: false,
			logLevel: 'error',
		});
		if (document === undefined || !('contents' in document)) return null;
		const error = document.errors[0];
		if (error !== undefined) throw error;
		return new Reader(document).read();
	});
}

/** Splits at lines that begin with `---` (k8s.io/apimachinery, YAMLReader). */
function split(text: string): string[] {
	const parts: string[][] = [[]];
	for (const line of text.split(/(?<=\n)/)) {
		if (!line.startsWith('---')) {
			parts.at(-1)?.push(line);
			continue;
		}
		const rest = line.slice(3).trim();
		if (rest !== '' && !rest.startsWith('#')) throw new Error(`found "${rest}" after ---, expected a line of its own`);
		parts.push([]);
	}
	return parts.map((lines) => lines.join(''));
}

type Node = ParsedNode | null | undefined;

/** Turns the nodes of one document into values. */
class Reader {
	readonly #document: Document.Parsed;
	/** The nodes around the current one, to find an anchor that contains itself. */
	readonly #open = new Set<Node>();
	#aliases = 0;

	constructor(document: Document.Parsed) {
		this.#document = document;
	}

	read(): unknown {
		return this.#value(this.#document.contents);
	}

	#value(found: Node): unknown {
		const node = this.#target(found);
		if (isScalar(node)) return scalar(node);
		if (!isMap(node) && !isSeq(node)) return null;
		return this.#inside(node, () => {
			if (isSeq(node)) return node.items.map((item) => this.#value(item as Node));
			const object: Record<string, unknown> = {};
			this.#fill(object, node);
			return object;
		});
	}

	/** go-yaml sets keys in their order, so a merge key also replaces the keys before it. */
	#fill(object: Record<string, unknown>, map: Node): void {
		if (!isMap(map)) throw new Error('a merge key (<<) expects a mapping or a list of mappings');
		for (const { key, value } of map.items as { key: Node; value: Node }[]) {
			if (!isMergeKey(key)) {
				const entry = { value: this.#value(value), enumerable: true, configurable: true, writable: true };
				Object.defineProperty(object, this.#key(key), entry);
				continue;
			}
			const merged = isSeq(value) ? (value.items as Node[]).toReversed() : [value];
			for (const one of merged) this.#inside(this.#target(one), () => this.#fill(object, this.#target(one)));
		}
	}

	#key(node: Node): string {
		const key = this.#value(node);
		if (key === null || typeof key === 'object') throw new Error('found a key that is no text, number or boolean');
		return String(key);
	}

	#target(node: Node): Node {
		if (!isAlias(node)) return node;
		if (++this.#aliases > mostAliases) throw new Error(`found more than ${mostAliases} aliases`);
		const target = node.resolve(this.#document);
		if (target === undefined) throw new Error(`found *${node.source}, expected an anchor before it`);
		return target as Node;
	}

	#inside<T>(node: Node, work: () => T): T {
		if (this.#open.has(node)) throw new Error('found an anchor that contains itself');
		this.#open.add(node);
		try {
			return work();
		} finally {
			this.#open.delete(node);
		}
	}
}

const isMergeKey = (key: Node): boolean =>
	isScalar(key) && key.value === '<<' && (key.tag === long('merge') || (isPlain(key) && key.tag === undefined));

const isPlain = (node: Scalar): boolean => node.type === Scalar.PLAIN || node.type === undefined;
const long = (name: string): string => `tag:yaml.org,2002:${name}`;

/** @throws Error if the value does not have the type that its tag names */
function scalar(node: Scalar): unknown {
	const text = String(node.value ?? '');
	const tag = node.tag?.startsWith(long('')) ? node.tag.slice(long('').length) : undefined;
	if (tag === 'binary') return Buffer.from(text, 'base64').toString();
	if (node.tag !== undefined && !['null', 'bool', 'int', 'float'].includes(tag ?? '')) return text;
	if (tag === undefined) return isPlain(node) ? resolve(text) : text;
	const value = resolve(text);
	const type = value === null ? 'null' : { boolean: 'bool', number: 'number', string: 'str' }[typeof value as string];
	const isNumber = type === 'number' && (tag === 'float' || (tag === 'int' && Number.isInteger(value)));
	if (type !== tag && !isNumber)
		throw new Error(`found ${JSON.stringify(text)}, expected a value of the type !!${tag}`);
	return value;
}

const words: [RegExp, unknown][] = [
	[/^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/, true],
	[/^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/, false],
	[/^(?:|~|null|Null|NULL)$/, null],
];
const integer = /^([+-]?)(?:0[xX]([\dA-Fa-f]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(\d+))$/;
const float = /^[+-]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][+-]?\d+)?$/;

/** Returns the value of a plain scalar (go-yaml 2, resolve.go). @throws Error for an infinite one, which JSON lacks */
function resolve(text: string): unknown {
	const word = words.find(([shape]) => shape.test(text));
	if (word !== undefined) return word[1];
	if (/^(?:[+-]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(text)) throw new Error(`found ${text}, expected a number`);
	const plain = /^[\d+-]/.test(text) ? text.replaceAll('_', '') : text;
	const [, sign, hex, binary, octal, decimal] = integer.exec(plain) ?? [];
	for (const [digits, base] of [
		[hex, 16],
		[binary, 2],
		[octal, 8],
	] as const) {
		if (digits !== undefined) return (sign === '-' ? -1 : 1) * Number.parseInt(digits, base);
	}
	const number = decimal !== undefined || float.test(plain) ? Number(plain) : Number.NaN;
	return Number.isFinite(number) ? number : text;
}
