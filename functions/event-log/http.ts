import { eventStream } from '../../kit/http/event-stream.ts';
import { implement } from '../../kit/http/http.ts';
import { page } from '../../kit/http/pagination.ts';
import { found } from '../../kit/http/problem.ts';
import { traceparent } from '../../kit/trace/trace.ts';
import { api } from './api.ts';
import * as deadLetters from './dead-letters.ts';
import { loseMemory } from './drills/broker.ts';
import { broker } from './drills/drill.ts';
import * as drills from './drills/drills.ts';
import * as log from './log/log.ts';
import { follow } from './log/newest.ts';
import { shown, viewerOf } from './log/viewer.ts';
import * as publishing from './publishing.ts';
import * as recording from './recording.ts';

export const operations = implement(api, {
	async listEvents({ query: { limit, after, ...filters } }, { db }, exchange) {
		const viewer = viewerOf(exchange.identity);
		if (exchange.mediaType === 'text/event-stream') return eventStream(exchange, await follow(db, viewer, filters));
		const rows = await log.list(db, viewer, limit + 1, after, filters);
		return page(rows, limit, (event) => event.id, exchange).map((event) => shown(viewer, event));
	},

	async getEvent({ params: { id } }, { db }, { identity }) {
		return shown(viewerOf(identity), found(await log.find(db, id), 'event', id));
	},

	listEventTypes: () => publishing.types(),

	async publishEvent({ body }, context, { identity, header }) {
		const stored = await context.transaction((tx) => publishing.store(tx, body, identity?.id ?? '', traceparent()));
		context.publisher.publish([stored]);
		header('location', `/api/events/${stored.id}`);
		return shown(viewerOf(identity), found(await log.find(context.db, stored.id), 'event', stored.id));
	},

	async listDeadLetters({ query: { limit, after } }, { db }, exchange) {
		return page(await deadLetters.list(db, limit + 1, after), limit, (letter) => letter.id, exchange);
	},

	async replayDeadLetter({ params: { id } }, context) {
		context.publisher.publish([await deadLetters.replay(context.db, id)]);
		return undefined;
	},

	async replayDeadLetters({ query: { trigger } }, context) {
		const { count, events } = await deadLetters.replayAll(context.db, trigger);
		context.publisher.publish(events);
		return { replayed: count };
	},

	async discardDeadLetter({ params: { id } }, { db }) {
		await deadLetters.discard(db, id);
		return undefined;
	},

	getRecording: (_input, { config }) => recording.find(config.env),

	startRecording: ({ body: { minutes } }, { config }) => recording.start(config.env, minutes),

	endRecording: (_input, { config }) => recording.end(config.env),

	getTrace: ({ params: { trace } }, { config }) => recording.spansOf(config.env, trace),

	listDrills: (_input, { db }) => drills.list(db),

	async getDrill({ params }, { db }) {
		return found(await drills.find(db, params.function), 'drill of', params.function);
	},

	startDrill: ({ params, body }, context, { identity }) =>
		context.transaction(async (tx) => {
			const drill = await drills.start(tx, params.function, body, identity?.id);
			// Last, because the drill is not stored when it fails.
			if (params.function === broker) await loseMemory(context.config.env);
			return drill;
		}),

	async endDrill({ params }, context) {
		const events = await context.transaction((tx) => drills.end(tx, params.function));
		context.publisher.publish(events);
		return { published: events.length };
	},
});
