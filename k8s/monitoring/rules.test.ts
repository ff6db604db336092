import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, type TestContext, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { dashboards } from './dashboards.ts';
import { jobs, metricsOf, sampleNamesOf } from './names.ts';
import { alerts, recordings, rulesText } from './rules.ts';
import { expressions, prometheusConfig, usedOf } from './scrape.ts';

const root = join(import.meta.dirname, '..', '..');
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

/** Runs promtool, and answers with what it says, if it is not content. */
function complaintOf({ skip }: TestContext, ...args: string[]): string {
	const howToGet = 'promtool is not here, so this was not looked at: apt-get install prometheus brings it';
	// Nobody reads there what was skipped.
	if (!hasPromtool && process.env['CI']) return howToGet;
	if (!hasPromtool) skip(howToGet);
	const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
	return status === 0 ? '' : stdout + stderr;
}

function written(files: Readonly<Record<string, string>>): string {
	const folder = mkdtempSync(join(tmpdir(), 'bodega-rules-'));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
	return folder;
}

describe('promtool', () => {
	test('takes the rules', (context) => {
		const folder = written({ 'rules.yaml': rulesText() });
		expect(complaintOf(context, 'check', 'rules', join(folder, 'rules.yaml'))).toBe('');
	});

	test('takes the configuration', (context) => {
		const config = parse(prometheusConfig('shop')) as { rule_files: string[]; scrape_configs: object[] };
		// Debian's promtool knows no discovery by the Kubernetes API; Prometheus's own does.
		const scrape_configs = config.scrape_configs.map((job) => ({ ...job, kubernetes_sd_configs: undefined }));
		const text = stringify({ ...config, rule_files: ['rules.yaml'], scrape_configs });
		const folder = written({ 'prometheus.yml': text, 'rules.yaml': rulesText() });
		expect(complaintOf(context, 'check', 'config', join(folder, 'prometheus.yml'))).toBe('');
	});

	test('sees each alert raised by what it is for, and by nothing else', (context) => {
		expect(complaintOf(context, 'test', 'rules', join(import.meta.dirname, 'rules.test.yaml'))).toBe('');
	});
});

describe('metrics', () => {
	const known = new Set([...jobs.flatMap(sampleNamesOf), ...recordings.map(({ record }) => record), 'up', 'ALERTS']);

	test('that a dashboard, an alert or a recording asks for are told by something', () => {
		expect(
			expressions()
				.flatMap(metricsOf)
				.filter((name) => !known.has(name)),
		).toEqual([]);
	});

	test('are found in an expression', () => {
		const expression =
			'sum by (le, fn) (clamp_min(one_total{a="b"} - (one_total{a="b"} offset 5m or two:three[5m] * 0), 0)) / vector(1) > bool 0';
		expect(metricsOf(expression)).toEqual(['one_total', 'two:three']);
	});

	test('of every job something is used, and every recording is', () => {
		expect(jobs.filter((job) => !usedOf(job).length)).toEqual([]);
		const used = new Set(expressions().flatMap(metricsOf));
		expect(recordings.filter(({ record }) => !used.has(record))).toEqual([]);
	});
});

describe('alerts', () => {
	test('each has a runbook that says what it means, how to look and how to mend', () => {
		const sections = readFileSync(join(root, 'docs', 'runbooks.md'), 'utf8')
			.split(/^## /m)
			.slice(1);
		expect(sections.map((section) => section.split('\n')[0])).toEqual(alerts.map(({ alert }) => alert));
		for (const section of sections)
			expect([...section.matchAll(/^\*\*(.*?)\.\*\*/gm)].map(([, word]) => word)).toEqual(['Means', 'Look', 'Mend']);
		for (const { alert, annotations } of alerts)
			expect(annotations.runbook_url).toBe(`docs/runbooks.md#${alert.toLowerCase()}`);
	});

	test('each is tested', () => {
		const tests = readFileSync(join(import.meta.dirname, 'rules.test.yaml'), 'utf8');
		expect(alerts.filter(({ alert }) => !tests.includes(`alertname: ${alert}\n`))).toEqual([]);
	});
});

test('there are five dashboards, and what is in them has a title of its own', () => {
	expect(dashboards.map(({ name }) => name)).toEqual(['overview', 'functions', 'events', 'scaling', 'database']);
	for (const { panels } of dashboards) expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
});
