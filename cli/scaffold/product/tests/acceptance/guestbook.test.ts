import { expect, test } from 'vitest';
import { post, visit } from './setup/visitor.ts';

test('thanks a visitor for an entry', async () => {
	const signed = await post('/api/guestbook', { name: 'Ada', message: 'I shall come again.' });
	expect(signed.status).toBe(201);
	const thanks = async () => (await visit('gateway', `/api/livre-d-or/${signed.json.id}`)).json.thanks;
	await expect.poll(thanks).toBe('Thank you, Ada!');
});
