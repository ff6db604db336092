import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { base, functions } from '../../functions/index.ts';
import type { Declaration } from '../../kit/declare/declare.ts';
import './catalog.ts';
import fines from './fines/function.ts';
import loans from './loans/function.ts';
import shelves from './shelves/function.ts';

/** Functions for the tests of everything but the shop itself, so that these tests need none of the shop's functions. */
export const samples: readonly Declaration[] = [shelves, loans, fines];

/** A shop of the library and the functions that every shop needs. */
export const sampleShop: readonly Declaration[] = [...samples, ...base];

const root = join(import.meta.dirname, '..', '..');

/** Creates a folder with links to the migrations of the eventing, the functions and the library, for `migrate`. */
export function linkMigrations(): { root: string; remove: () => void } {
	const linked = mkdtempSync(join(tmpdir(), 'bodega-migrations-'));
	mkdirSync(join(linked, 'functions'));
	symlinkSync(join(root, 'eventing'), join(linked, 'eventing'));
	for (const { name } of functions) symlinkSync(join(root, 'functions', name), join(linked, 'functions', name));
	for (const { name } of samples) symlinkSync(join(import.meta.dirname, name), join(linked, 'functions', name));
	return { root: linked, remove: () => rmSync(linked, { recursive: true }) };
}
