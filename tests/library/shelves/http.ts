import { implement } from '../../../kit/http/http.ts';
import { found } from '../../../kit/http/problem.ts';
import { api } from './api.ts';

export const operations = implement(api, {
	async listTitles(_input, { db }) {
		return (await db.query('select id, title, deposit, copies from titles order by id')).rows;
	},
	async getTitle({ params: { id } }, { db }) {
		const { rows } = await db.query('select id, title, deposit, copies from titles where id = $1', [id]);
		return found(rows[0], 'title', id);
	},
	async addTitle({ body: { title, deposit, copies } }, { db }) {
		const insert =
			'insert into titles (title, deposit, copies) values ($1, $2, $3) returning id, title, deposit, copies';
		return (await db.query(insert, [title, deposit, copies])).rows[0];
	},
});
