import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run.ts';

/**
 * Reads the schemas that the manifests are tested against from the cluster of kubectl's context, which should have the
 * newest Knative: `node k8s/schemas/fetch.ts`. What people read, the descriptions, is left out.
 */
const definitions = {
	'knative-service': ['services.serving.knative.dev', 'v1'],
	broker: ['brokers.eventing.knative.dev', 'v1'],
	trigger: ['triggers.eventing.knative.dev', 'v1'],
	eventtype: ['eventtypes.eventing.knative.dev', 'v1beta3'],
	pingsource: ['pingsources.sources.knative.dev', 'v1'],
} as const;

interface Definition {
	readonly spec: {
		readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
	};
}
type Schema = { readonly properties: Readonly<Record<string, unknown>> };

for (const [file, [crd, version]] of Object.entries(definitions)) {
	const { stdout } = await run('kubectl', ['get', 'crd', crd, '-o', 'json']);
	const definition = JSON.parse(stdout) as Definition;
	const schema = definition.spec.versions.find(({ name }) => name === version)?.schema.openAPIV3Schema;
	if (!schema) throw new Error(`${crd} has no version ${version}`);
	// The status is the controller's.
	const { status: _, ...properties } = schema.properties;
	writeFileSync(
		join(import.meta.dirname, `${file}.json`),
		`${JSON.stringify(slim({ ...schema, properties }), null, '\t')}\n`,
	);
}

/** Without the descriptions of schemas; a property of that name is an object, not a text. */
function slim(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(slim);
	if (typeof value !== 'object' || value === null) return value;
	const kept = Object.entries(value).filter(([key, inner]) => key !== 'description' || typeof inner !== 'string');
	return Object.fromEntries(kept.map(([key, inner]) => [key, slim(inner)]));
}
