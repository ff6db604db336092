// The peer of an order: the shop as most people would build it. Express in front of each function, a proxy as gateway,
// RabbitMQ between the functions, pg. It has neither outbox nor inbox, so a crash between a commit and the message after
// it loses the message. An order has one line. Usage: node shop.mjs gateway|books|orders|billing, with PORT and the variables below.
import amqp from 'amqplib';
import express from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';
import pg from 'pg';

const { PORT, DATABASE_URL, AMQP_URL, BOOKS_URL, ORDERS_URL } = process.env;
const atOnce = 20;
const app = express();
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 4 });

/** Connects to RabbitMQ. Returns how to publish a message, confirmed by the server, and how to handle those of a queue. */
async function connect() {
	const channel = await (await amqp.connect(AMQP_URL)).createConfirmChannel();
	await channel.prefetch(atOnce);
	for (const queue of ['placed', 'reserved', 'rejected', 'issued']) await channel.assertQueue(queue);
	return {
		publish: (queue, message) =>
			new Promise((resolve, reject) => {
				const content = Buffer.from(JSON.stringify(message));
				channel.sendToQueue(queue, content, { persistent: true }, (error) => (error ? reject(error) : resolve()));
			}),
		handle: (queue, work) =>
			channel.consume(queue, async (message) => {
				await work(JSON.parse(message.content.toString()));
				channel.ack(message);
			}),
	};
}

const roles = {
	gateway() {
		app.use(createProxyMiddleware({ target: BOOKS_URL, pathFilter: '/api/books' }));
		app.use(createProxyMiddleware({ target: ORDERS_URL, pathFilter: '/api/orders' }));
	},

	async books() {
		const { publish, handle } = await connect();
		app.get('/api/books/:id', async ({ params }, res) => {
			const { rows } = await pool.query('select id, price, stock from peer.books where id = $1', [params.id]);
			if (rows[0]) res.json(rows[0]);
			else res.sendStatus(404);
		});
		await handle('placed', async (order) => {
			const take = 'update peer.books set stock = stock - $2 where id = $1 and stock >= $2';
			const { rowCount } = await pool.query(take, [order.book_id, order.quantity]);
			await publish(rowCount ? 'reserved' : 'rejected', order);
		});
	},

	async billing() {
		const { publish, handle } = await connect();
		await handle('reserved', async (order) => {
			const issue = 'insert into peer.invoices (order_id, total) values ($1, $2) on conflict do nothing';
			await pool.query(issue, [order.id, order.quantity * Number(order.unit_price)]);
			await publish('issued', order);
		});
	},

	async orders() {
		const { publish, handle } = await connect();
		const waiting = new Map();
		const settle = (status) => async (order) => {
			await pool.query('update peer.orders set status = $2 where id = $1', [order.id, status]);
			waiting.get(order.id)?.(status);
		};
		await handle('issued', settle('completed'));
		await handle('rejected', settle('rejected'));
		app.post('/api/orders', express.json(), async ({ body, headers }, res) => {
			const [line] = body.lines;
			const answer = await fetch(`${BOOKS_URL}/api/books/${line.book_id}`);
			if (!answer.ok) return res.sendStatus(answer.status);
			const { price } = await answer.json();
			const { rows } = await pool.query(
				`insert into peer.orders (book_id, customer_name, quantity, unit_price)
				 values ($1, $2, $3, $4) returning *`,
				[line.book_id, body.customer_name, line.quantity, price],
			);
			const [order] = rows;
			const settled = new Promise((resolve) => waiting.set(order.id, resolve));
			await publish('placed', order);
			if (headers.prefer?.startsWith('wait')) order.status = await settled;
			waiting.delete(order.id);
			return res.status(201).json(order);
		});
	},
};

await roles[process.argv[2]]();
app.listen(Number(PORT), '127.0.0.1');
