import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { prometheusConfig } from '../scrape.ts';
import { rulesText } from './rules.ts';

/** Runs promtool. Returns its output if it fails, and '' if it succeeds. */
function complaintOf(...args: string[]): string {
	const { status, stdout, stderr, error } = spawnSync('promtool', args, { encoding: 'utf8' });
	if (error) return `Cannot run promtool: ${error.message}. Install it: apt-get install prometheus`;
	return status === 0 ? '' : stdout + stderr;
}

function written(files: Readonly<Record<string, string>>): string {
	const folder = mkdtempSync(join(tmpdir(), 'bodega-rules-'));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
	return folder;
}

test('promtool accepts the rules', () => {
	const folder = written({ 'rules.yaml': rulesText() });
	expect(complaintOf('check', 'rules', join(folder, 'rules.yaml'))).toBe('');
});

test('promtool accepts the configuration', () => {
	const config = parse(prometheusConfig('shop')) as { rule_files: string[]; scrape_configs: object[] };
	// Debian's promtool is built without Kubernetes service discovery; Prometheus's own release has it.
	const scrape_configs = config.scrape_configs.map((job) => ({ ...job, kubernetes_sd_configs: undefined }));
	const text = stringify({ ...config, rule_files: ['rules.yaml'], scrape_configs });
	const folder = written({ 'prometheus.yml': text, 'rules.yaml': rulesText() });
	expect(complaintOf('check', 'config', join(folder, 'prometheus.yml'))).toBe('');
});

test('each alert fires for its own condition, and for no other', () => {
	expect(complaintOf('test', 'rules', join(import.meta.dirname, 'rules.test.yaml'))).toBe('');
});
