import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dashboards } from '../dashboards/dashboards.ts';
import { jobs, metricsOf, sampleNamesOf } from '../names.ts';
import { expressions, usedOf } from '../scrape.ts';
import { alerts, recordings } from './rules.ts';

const root = join(import.meta.dirname, '..', '..', '..');

describe('metrics', () => {
	const known = new Set([...jobs.flatMap(sampleNamesOf), ...recordings.map(({ record }) => record), 'up', 'ALERTS']);

	test('that a dashboard, an alert or a recording uses are exposed by a target', () => {
		expect(
			expressions()
				.flatMap(metricsOf)
				.filter((name) => !known.has(name)),
		).toEqual([]);
	});

	test('are extracted from an expression', () => {
		const expression =
			'sum by (le, fn) (clamp_min(one_total{a="b"} - (one_total{a="b"} offset 5m or two:three[5m] * 0), 0)) / vector(1) > bool 0';
		expect(metricsOf(expression)).toEqual(['one_total', 'two:three']);
	});

	test('are used from every job, and every recording is used', () => {
		expect(jobs.filter((job) => !usedOf(job).length)).toEqual([]);
		const used = new Set(expressions().flatMap(metricsOf));
		expect(recordings.filter(({ record }) => !used.has(record))).toEqual([]);
	});
});

describe('alerts', () => {
	test('each have a runbook with the sections Means, Look and Mend', () => {
		const sections = readFileSync(join(root, 'docs', 'runbooks.md'), 'utf8')
			.split(/^## /m)
			.slice(1);
		expect(sections.map((section) => section.split('\n')[0])).toEqual(alerts.map(({ alert }) => alert));
		for (const section of sections)
			expect([...section.matchAll(/^\*\*(.*?)\.\*\*/gm)].map(([, word]) => word)).toEqual(['Means', 'Look', 'Mend']);
		for (const { alert, annotations } of alerts)
			expect(annotations.runbook_url).toBe(`docs/runbooks.md#${alert.toLowerCase()}`);
	});

	test('each have a test in rules.test.yaml', () => {
		const tests = readFileSync(join(import.meta.dirname, 'rules.test.yaml'), 'utf8');
		expect(alerts.filter(({ alert }) => !tests.includes(`alertname: ${alert}\n`))).toEqual([]);
	});
});

test('there are five dashboards, and no two panels of a dashboard have the same title', () => {
	expect(dashboards.map(({ name }) => name)).toEqual(['overview', 'functions', 'events', 'scaling', 'database']);
	for (const { panels } of dashboards) expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
});
