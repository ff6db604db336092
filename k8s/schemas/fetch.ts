import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { run } from '../kubectl/run.ts';

/**
 * Updates the schemas that the manifests are tested against: `node k8s/schemas/fetch.ts`. Reads Knative's from the
 * cluster of kubectl's context, which should run the newest version, and the others from their Go modules. Leaves out
 * the descriptions.
 */
const onCluster = {
	'knative-service': ['services.serving.knative.dev', 'v1'],
	'domain-mapping': ['domainmappings.serving.knative.dev', 'v1beta1'],
	'cluster-domain-claim': ['clusterdomainclaims.networking.internal.knative.dev', 'v1alpha1'],
	broker: ['brokers.eventing.knative.dev', 'v1'],
	trigger: ['triggers.eventing.knative.dev', 'v1'],
	eventtype: ['eventtypes.eventing.knative.dev', 'v1beta3'],
	pingsource: ['pingsources.sources.knative.dev', 'v1'],
} as const;

const inModules = {
	certificate: ['github.com/cert-manager/cert-manager@v1.21.2', 'deploy/crds/cert-manager.io_certificates.yaml', 'v1'],
	'cnpg-cluster': [
		'github.com/cloudnative-pg/cloudnative-pg@v1.28.1',
		'config/crd/bases/postgresql.cnpg.io_clusters.yaml',
		'v1',
	],
} as const;

interface Definition {
	readonly spec: {
		readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
	};
}
type Schema = { readonly properties: Readonly<Record<string, unknown>> };

for (const [file, [crd, version]] of Object.entries(onCluster)) {
	const { stdout } = await run('kubectl', ['get', 'crd', crd, '-o', 'json']);
	write(file, JSON.parse(stdout) as Definition, version);
}

for (const [file, [module, path, version]] of Object.entries(inModules)) {
	const { stdout } = await run('go', ['mod', 'download', '-json', module]);
	const { Dir } = JSON.parse(stdout) as { Dir: string };
	write(file, parse(readFileSync(join(Dir, path), 'utf8')) as Definition, version);
}

function write(file: string, definition: Definition, version: string): void {
	const schema = definition.spec.versions.find(({ name }) => name === version)?.schema.openAPIV3Schema;
	if (!schema) throw new Error(`${file} has no version ${version}`);
	// The manifests contain no status; controllers write it.
	const { status: _, ...properties } = schema.properties;
	writeFileSync(
		join(import.meta.dirname, `${file}.json`),
		`${JSON.stringify(slim({ ...schema, properties }), null, '\t')}\n`,
	);
}

/** Removes the descriptions from a schema. A property named `description` is an object, not a text, and stays. */
function slim(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(slim);
	if (typeof value !== 'object' || value === null) return value;
	const kept = Object.entries(value).filter(([key, inner]) => key !== 'description' || typeof inner !== 'string');
	return Object.fromEntries(kept.map(([key, inner]) => [key, slim(inner)]));
}
