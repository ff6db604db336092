import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { functions } from '../../functions/index.ts';
import { shop } from '../../shop.ts';
import { manifests } from '../manifests/manifests.ts';
import { toYaml } from '../manifests/object.ts';
import { dashboardJson } from '../monitoring/dashboards/dashboard.ts';
import { dashboards } from '../monitoring/dashboards/dashboards.ts';
import { monitoring } from '../monitoring/monitoring.ts';
import { rulesText } from '../monitoring/rules/rules.ts';

/** The folder of the generated manifests. A commit's diff of them shows what it changes on the cluster. */
export const folder = join(import.meta.dirname, '..', 'generated');

const head = `# Generated from the declarations (functions/*/function.ts) by \`npm run generate\`; do not edit.
# \`bodega deploy\` applies the same objects with the images it has built, and creates the Secrets.
`;

/** Returns the manifests as text, by file name. Image tags are a placeholder for the hash of their content. */
export function generate(): Map<string, string> {
	const deployment = {
		namespace: shop.namespace,
		image: (name: string) => `dev.local/${shop.name}-${name}:content-hash`,
	};
	const { foundation, functions: rooms } = manifests(functions, deployment);
	return new Map([
		...[...foundation, ...rooms, ...monitoring(deployment)].map(([name, objects]): [string, string] => [
			`${name}.yaml`,
			head + toYaml(objects),
		]),
		['monitoring-rules.yaml', head + rulesText()],
		...dashboards.map((each): [string, string] => [`dashboard-${each.name}.json`, dashboardJson(each)]),
	]);
}

/** Writes the files, and deletes those of functions that no longer exist. */
export function writeGenerated(): void {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	for (const [file, text] of generate()) writeFileSync(join(folder, file), text);
}

if (import.meta.main) writeGenerated();
