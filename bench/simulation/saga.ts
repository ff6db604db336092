import { type Steps, start } from './clock.ts';
import type { Costs, Role } from './costs.ts';
import { choose, type Database, type Instance, type Network, type Service } from './deployment.ts';
import type { Cost, Machine, Process } from './machine.ts';

/** The machines and processes that an order passes through. */
export interface Shop {
	readonly costs: Costs;
	/** Returns random numbers from 0 to 1. */
	readonly chance: () => number;
	readonly network: Network;
	/** The machines of the functions and the broker. */
	readonly nodes: readonly Machine[];
	readonly database: Database;
	readonly instances: Readonly<Record<Service, readonly Instance[]>>;
	/** Sends the orders. Undefined if the clients have machines of their own. */
	readonly client: Process | undefined;
	/** What runs beside an order: the shop's own process, or Knative's, and Postgres' background processes. */
	readonly background: { readonly shop: readonly Process[]; readonly postgres: Process };
}

/** What an order or a reaction does in its transaction. */
interface Change {
	readonly service: 'orders' | 'books-events' | 'billing-events' | 'orders-events';
	readonly role: Role;
	/** The statements that it waits for, one after the other. */
	readonly statements: number;
	/** Those that go with the commit. */
	readonly late: number;
}

const placing: Change = { service: 'orders', role: 'orders', statements: 1, late: 1 };
const reserve: Change = { service: 'books-events', role: 'books', statements: 1, late: 1 };
const invoice: Change = { service: 'billing-events', role: 'billing', statements: 2, late: 1 };
const complete: Change = { service: 'orders-events', role: 'orders', statements: 3, late: 0 };

/** An order and what runs beside it. */
export function* order(shop: Shop, book: number): Steps {
	const { background, chance, costs } = shop;
	const beside = background.shop[Math.floor(chance() * background.shop.length)];
	if (beside) start(work(beside, costs.task.shop));
	start(work(background.postgres, costs.task.postgres));
	yield* request(shop, book);
}

function* work(process: Process, cost: Cost): Steps {
	yield process.work(cost);
}

/** An order from the POST, with `Prefer: wait`, until its answer says that it is completed (ARCHITECTURE.md, "The life of an order"). */
function* request(shop: Shop, book: number): Steps {
	const { client, costs } = shop;
	if (client) yield client.work(costs.task.client);
	yield* visit(shop, 'gateway', client?.machine, function* (gateway) {
		yield gateway.process.work(costs.task.gateway);
		yield* visit(shop, 'orders', gateway.process.machine, (orders) => place(shop, orders, book));
		yield gateway.process.work(costs.task.gateway);
	});
	if (client) yield client.work(costs.task.client);
}

/** Sends a request to an instance of a Service, and waits for its answer. */
function* visit(shop: Shop, service: Service, from: Machine | undefined, steps: (instance: Instance) => Steps): Steps {
	const instance = choose(shop.instances[service], shop.chance);
	instance.inProgress += 1;
	yield* shop.network.pass(from, instance.process.machine);
	yield* steps(instance);
	yield* shop.network.pass(instance.process.machine, from);
	instance.inProgress -= 1;
}

/** `placeOrder` in functions/orders/http.ts. */
function* place(shop: Shop, orders: Instance, book: number): Steps {
	const { costs, network } = shop;
	const { process } = orders;
	const task = costs.task.orders;
	const find = (): Steps => orders.connected((connection) => network.ask(process, connection, costs.statement.orders));
	yield process.work(task);
	yield* visit(shop, 'books', process.machine, function* (books) {
		yield books.process.work(costs.task.books);
		yield* books.connected((connection) => network.ask(books.process, connection, costs.statement.books));
		yield books.process.work(costs.task.books);
	});
	yield process.work(task);
	yield* share(shop, orders, book, placing);
	yield process.work(task);
	let settled = (): void => {};
	let isSettled = false;
	start(publish(shop, orders, book, [reserve, invoice, complete]), () => {
		isSettled = true;
		settled();
	});
	yield* find();
	yield process.work(task);
	if (!isSettled)
		yield (resume) => {
			settled = resume;
		};
	// The notification arrives at the connection that listens.
	yield* network.ask(process, orders.listener, costs.statement.orders);
	yield process.work(task);
	yield* find();
	yield process.work(task);
}

/** Publishes the event that the first of the reactions handles. Ends when the last one has committed. */
function* publish(shop: Shop, publisher: Instance, book: number, [reaction, ...then]: readonly Change[]): Steps {
	if (!reaction) return;
	const { costs, network } = shop;
	const broker = choose(shop.instances.broker, shop.chance);
	const { machine } = broker.process;
	broker.inProgress += 1;
	yield* network.pass(publisher.process.machine, machine);
	yield broker.process.work(costs.task.broker);
	start(acknowledge(shop, publisher, machine));
	const consumer = choose(shop.instances[reaction.service], shop.chance);
	consumer.inProgress += 1;
	yield* network.pass(machine, consumer.process.machine);
	yield* react(shop, consumer, book, reaction);
	consumer.inProgress -= 1;
	broker.inProgress -= 1;
	start(answer(shop, consumer, broker));
	yield* publish(shop, consumer, book, then);
}

/** The publisher's part of the broker's answer. Nobody waits for it. */
function* acknowledge(shop: Shop, { process, service }: Instance, broker: Machine): Steps {
	yield* shop.network.pass(broker, process.machine);
	yield process.work(shop.costs.task[service]);
}

/** The broker's part of the consumer's answer. Nobody waits for it. */
function* answer(shop: Shop, consumer: Instance, { process }: Instance): Steps {
	yield* shop.network.pass(consumer.process.machine, process.machine);
	yield process.work(shop.costs.task.broker);
}

/** What a consumer does before, in and after the transaction of its reaction. */
function* react(shop: Shop, consumer: Instance, book: number, reaction: Change): Steps {
	const task = shop.costs.task[reaction.service];
	yield consumer.process.work(task);
	yield* share(shop, consumer, book, reaction);
	yield consumer.process.work(task);
}

/** A change waits for its lane, and shares a transaction with those that wait too. */
function* share(shop: Shop, instance: Instance, book: number, change: Change): Steps {
	const lane = change === reserve ? `book ${book}` : change.service;
	yield instance.lane(lane, (count, done) => start(transact(shop, instance, book, change, count), done)).work;
}

/** The transaction of `count` changes (kit/data/database.ts). */
function* transact(shop: Shop, instance: Instance, book: number, change: Change, count: number): Steps {
	const { costs, database, network } = shop;
	const { process } = instance;
	const statement = costs.statement[change.role];
	yield* instance.connected(function* (connection) {
		for (let asked = 0; asked < count * change.statements; asked += 1) {
			yield* network.ask(process, connection, statement);
			yield process.work(costs.task[change.service]);
		}
		yield* network.pass(process.machine, connection.machine);
		const row = change === reserve ? database.rows[book] : undefined;
		if (row) yield row.take;
		for (let sent = 0; sent < count * change.late; sent += 1) yield connection.work(statement);
		yield connection.work(costs.commit);
		if (change === complete) yield database.notifying.take;
		yield database.disk.flush;
		if (change === complete) database.notifying.give();
		row?.give();
		yield* network.pass(connection.machine, process.machine);
	});
}
