// The peer of one function: the same answers, on bare functions-framework with pg.
const functions = require('@google-cloud/functions-framework');
const { Pool } = require('pg');

let pool;

functions.http('add', ({ query }, res) => {
	res.json({ result: Number(query.a) + Number(query.b) });
});

functions.http('books', async (_req, res) => {
	pool ??= new Pool({ connectionString: process.env.DATABASE_URL, max: 4 });
	const { rows } = await pool.query(
		'select id, title, author, price, stock, created_at from books.books order by id limit 100',
	);
	res.json(rows);
});
