import { isAdmin } from '../../kit/auth/auth.ts';
import { eventStream } from '../../kit/http/event-stream.ts';
import { implement } from '../../kit/http/http.ts';
import { page } from '../../kit/http/pagination.ts';
import { found } from '../../kit/http/problem.ts';
import { api, type LoggedEvent } from './api.ts';
import * as deadLetters from './dead-letters.ts';
import * as drills from './drills.ts';
import * as log from './log.ts';
import { follow } from './newest.ts';

export const operations = implement(api, {
	async listEvents({ query: { limit, after, ...filters } }, { db }, exchange) {
		// A browser's EventSource cannot send an access token, so a stream never contains payloads.
		if (exchange.mediaType === 'text/event-stream') return eventStream(exchange, await follow(db, filters));
		const events = page(await log.list(db, limit + 1, after, filters), limit, (event) => event.id, exchange);
		return events.map((event) => visible(event, isAdmin(exchange.identity)));
	},

	async getEvent({ params: { id } }, { db }, { identity }) {
		return visible(found(await log.find(db, id), 'event', id), isAdmin(identity));
	},

	async listDeadLetters({ query: { limit, after } }, { db }, exchange) {
		return page(await deadLetters.list(db, limit + 1, after), limit, (letter) => letter.id, exchange);
	},

	async replayDeadLetter({ params: { id } }, context) {
		const event = found(await deadLetters.resolve(context.db, id, 'replayed'), 'dead letter', id);
		context.publisher.publish([event]);
		return undefined;
	},

	async replayDeadLetters({ query: { trigger } }, context) {
		const events = await deadLetters.replayAll(context.db, trigger);
		context.publisher.publish(events);
		return { replayed: events.length };
	},

	async discardDeadLetter({ params: { id } }, { db }) {
		found(await deadLetters.resolve(db, id, 'discarded'), 'dead letter', id);
		return undefined;
	},

	listDrills: (_input, { db }) => drills.list(db),

	startDrill: ({ params, body: { minutes } }, { db }) => drills.start(db, params.function, minutes),

	async endDrill({ params }, context) {
		const events = await context.transaction((tx) => drills.end(tx, params.function));
		context.publisher.publish(events);
		return { published: events.length };
	},
});

/** Removes the payload unless the caller is an admin, because payloads can contain customer data. */
function visible({ data, ...event }: LoggedEvent, admin: boolean): LoggedEvent {
	return admin ? { ...event, data } : event;
}
