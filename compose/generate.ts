import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { functions } from '../functions/index.ts';
import { project } from './project.ts';

/** The generated file, at the path where Docker looks for it. */
export const file = join(import.meta.dirname, '..', 'compose.yaml');

const head = `# Generated from the declarations (functions/*/function.ts) by \`npm run generate\`; do not edit.
# \`docker compose up --build\` starts the shop at http://localhost:5173; see docs/docker.md.
`;

export const generateCompose = (): string =>
	head + stringify(project(functions), { lineWidth: 0, aliasDuplicateObjects: false });

export const writeCompose = (): void => writeFileSync(file, generateCompose());
