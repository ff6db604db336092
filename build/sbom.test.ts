import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { shop } from '../shop.ts';
import { contentsOf, sbomOf } from './sbom.ts';

const root = join(import.meta.dirname, '..');

/** Compiles CycloneDX's official schemas. */
function schema() {
	const folder = join(root, 'node_modules/@cyclonedx/cyclonedx-library/res/schema');
	const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
	const ajv = new Ajv({ strict: false, validateFormats: false });
	for (const file of ['spdx.SNAPSHOT.schema.json', 'jsf-0.82.SNAPSHOT.schema.json'])
		ajv.addSchema(read(file), `http://cyclonedx.org/schema/${file}`);
	return ajv.compile(read('bom-1.6.SNAPSHOT.schema.json'));
}

interface Bom {
	readonly metadata: { readonly component: { readonly name: string } };
	readonly components: readonly { readonly purl: string; readonly licenses: unknown[]; readonly hashes: unknown[] }[];
}

/** Returns the bill of materials of a bundle built from `code`. */
async function bomOf(code: string): Promise<Bom> {
	const { metafile } = await build({
		stdin: { contents: code, resolveDir: root },
		bundle: true,
		platform: 'node',
		write: false,
		metafile: true,
	});
	return sbomOf('thing', contentsOf(metafile)) as Bom;
}

test('lists the packages in a bundle with version, licence and hash, and conforms to the official schema', async () => {
	const bom = await bomOf(`import pg from 'pg'; import { CloudEvent } from 'cloudevents'; console.log(pg, CloudEvent)`);
	const validate = schema();
	expect([validate(bom), validate.errors]).toEqual([true, null]);
	const purls = bom.components.map(({ purl }) => purl);
	const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
	expect(purls).toEqual(
		expect.arrayContaining([`pkg:npm/pg@${dependencies.pg}`, `pkg:npm/cloudevents@${dependencies.cloudevents}`]),
	);
	expect(purls).toEqual([...new Set(purls)].sort());
	for (const { licenses, hashes } of bom.components)
		expect([licenses, hashes]).toMatchObject([[{}], [{ alg: 'SHA-512' }]]);
	expect(bom.metadata.component.name).toBe(`${shop.name}-thing`);
});

test('omits packages that are not in the bundle, and names scoped packages with their scope', async () => {
	const bom = await bomOf(
		`import 'decimal.js'; import { useQuery } from '@tanstack/react-query'; console.log(useQuery)`,
	);
	const names = bom.components.map(({ purl }) => purl.replace(/@[\d.]+$/, ''));
	expect(names).toContain('pkg:npm/%40tanstack/react-query');
	expect((await bomOf('console.log(1)')).components).toEqual([]);
});

test('rejects a package that is missing from the lock file', () => {
	expect(() => sbomOf('thing', ['node_modules/stranger/index.js'])).toThrow('node_modules/stranger');
});

test('is written next to every built bundle and is valid', () => {
	const validate = schema();
	for (const file of globSync('dist/*/*.cdx.json', { cwd: root })) {
		const bom = JSON.parse(readFileSync(join(root, file), 'utf8'));
		expect([file, validate(bom), validate.errors]).toEqual([file, true, null]);
	}
});
