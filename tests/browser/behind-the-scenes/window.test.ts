import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { target, visit } from '../../acceptance/setup/visitor.ts';
import { answers, newAccount, open } from '../browser.ts';

const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('a house leads to the page of its function, which shows its state, connections, code and manifests', async () => {
	const page = await open('/functions');
	await page.getByRole('main').getByRole('link', { name: 'event-log', exact: true }).click();
	await page.getByRole('heading', { level: 1, name: 'Function event-log' }).waitFor();
	expect(await page.title()).toBe('Function event-log · Bodega');
	await part(page, 'State')
		.getByText(/ready|at zero/)
		.first()
		.waitFor();
	await part(page, 'Connections').getByRole('link', { name: 'gateway' }).waitFor();
	const code = part(page, 'Code');
	// The declaration comes first, with numbered lines.
	await code.getByText("name: 'event-log'").waitFor();
	await page.getByRole('combobox', { name: 'Show' }).selectOption('declaration');
	await code.getByText('"deadLetters": true').waitFor();
	await page.getByRole('combobox', { name: 'Show' }).selectOption('manifests');
	await code.getByText('serving.knative.dev/v1').first().waitFor();
	await page.getByRole('combobox', { name: 'Show' }).selectOption('functions/event-log/http.ts');
	await code.getByText('listEvents').first().waitFor();
});

test('an unknown function has a page that says so', async () => {
	const page = await open('/functions/nobody');
	await page.getByText('There is no function “nobody”.').waitFor();
	await page.getByRole('link', { name: 'All functions' }).click();
	await page.getByRole('heading', { level: 1, name: 'Functions' }).waitFor();
});

test('waking a function fills the histogram of cold starts against warm answers', { timeout: 300_000 }, async () => {
	const page = await open('/functions/reference');
	await page.getByRole('button', { name: 'Wake it' }).click();
	await page.getByText('Answered after').waitFor();
	const row = page.getByRole('table', { name: 'Durations of reference' }).getByRole('row').last();
	await expect.poll(() => row.innerText()).toMatch(/Median\s+(up to .+|above .+)\s+(up to .+)/);
});

test('tries an operation with the visitor’s own session, and shows the response, its trace and its log', async () => {
	const page = await open('/functions/event-log', { as: 'admin', noise: answers(422) });
	await page.getByRole('combobox', { name: 'Operation' }).selectOption('listDeadLetters');
	await page.getByText('Requires an admin.').waitFor();
	await page.getByLabel('limit (query)').fill('1');
	await page.getByRole('button', { name: 'Send GET' }).click();
	const response = part(page, 'Try an operation');
	await response.getByText(/^200 after/).waitFor();
	await response.getByRole('region', { name: 'Response body' }).getByText('[').first().waitFor();
	await page.getByText('Headers', { exact: true }).click();
	await response.getByRole('rowheader', { name: 'content-type', exact: true }).waitFor();
	const trace = await response.locator('.trace-id').innerText();
	expect(trace).toMatch(/^[0-9a-f]{32}$/);
	expect(await page.getByRole('link', { name: 'Its events' }).getAttribute('href')).toBe(`/events?trace=${trace}`);

	await page.getByLabel('limit (query)').fill('nothing');
	await page.getByRole('button', { name: 'Send GET' }).click();
	await response.getByText(/^422 after/).waitFor();
	await response.getByText('query.limit').first().waitFor();
	if (target === 'compose') return;
	const wrong = await response.locator('.trace-id').innerText();
	await page.getByRole('button', { name: 'Its log lines' }).click();
	expect(new URL(page.url()).searchParams.get('trace')).toBe(wrong);
	const lines = page.getByRole('region', { name: 'Log lines, newest first' });
	await expect.poll(() => lines.innerText()).toMatch(/request[\s\S]*status=422/);
	expect(await lines.getByRole('listitem').count()).toBe(1);
});

test('a stranger gets 401 from an operation for admins, reads no log, and changes no scale', async () => {
	const page = await open('/functions/event-log', { noise: answers(401) });
	await page.getByRole('combobox', { name: 'Operation' }).selectOption('listDeadLetters');
	await page.getByRole('button', { name: 'Send GET' }).click();
	await page.getByText(/^401 after/).waitFor();
	await part(page, 'Log').getByText('only admins can read them').waitFor();
	await part(page, 'Log').getByRole('link', { name: 'Sign in as an admin' }).waitFor();
	expect(await page.getByRole('button', { name: 'Apply' }).count()).toBe(0);
});

test('the log is live: a request of another visitor appears in it', async () => {
	if (target === 'compose') return;
	const page = await open('/functions/event-log', { as: 'admin' });
	const lines = page.getByRole('region', { name: 'Log lines, newest first' });
	const ask = async (): Promise<string> => {
		const marker = crypto.randomUUID();
		await visit('gateway', `/api/events?subject=${marker}`);
		await lines.getByText(marker).first().waitFor();
		return marker;
	};
	await ask();
	// The stream is open by now.
	const marker = await ask();
	await page.getByRole('combobox', { name: 'Severity' }).selectOption('ERROR');
	await expect.poll(() => lines.innerText()).not.toContain(marker);
});

test.runIf(target === 'local')('an admin changes the idle time, and an idle instance stops immediately', async () => {
	const page = await open('/functions/reference', { as: 'admin', noise: answers(422) });
	await page.getByLabel('Idle time, in seconds').fill('3600');
	await page.getByRole('button', { name: 'Apply' }).click();
	await page.getByText('Applied.').waitFor();
	await page.getByRole('button', { name: 'Wake it' }).click();
	const state = part(page, 'State');
	await state.getByText(/ready, 1 instance/).waitFor();

	await page.getByLabel('Most instances').fill('99999');
	await page.getByRole('button', { name: 'Apply' }).click();
	await page
		.getByText(/1000|whole number from 1 to/)
		.first()
		.waitFor();
	expect(await page.getByLabel('Most instances').getAttribute('aria-invalid')).toBe('true');

	await page.getByLabel('Most instances').fill('1');
	await page.getByLabel('Idle time, in seconds').fill('1');
	await page.getByRole('button', { name: 'Apply' }).click();
	await state.getByText('at zero').first().waitFor();
	expect(await page.getByLabel('Idle time, in seconds').inputValue()).toBe('1');
});

test('only admins are offered to publish an event of the function', async () => {
	const user = await newAccount('Ada');
	const page = await open('/functions/users', { as: user });
	await part(page, 'Connections').getByRole('link', { name: 'account.deleted' }).first().waitFor();
	expect(await page.getByRole('link', { name: /^Publish one/ }).count()).toBe(0);
	const admins = await open('/functions/users', { as: 'admin' });
	const publish = admins.getByRole('link', { name: 'Publish one: account.deleted' });
	expect(await publish.getAttribute('href')).toBe('/events?publish=dev.bodega.account.deleted');
});
