import { explains } from '../faults/fault.ts';
import type { Invariant } from './invariant.ts';

/** An event of the log with its deliveries, as far as the invariants read it. */
export interface SeenEvent {
	readonly id: string;
	readonly source: string;
	readonly type: string;
	readonly subject?: string | undefined;
	readonly time: string;
	readonly cause: string | null;
	readonly deliveries: readonly {
		readonly trigger: string;
		readonly function: string;
		readonly status: string;
		readonly attempts: number;
		readonly failures: readonly { readonly at: string; readonly error?: string | undefined }[];
	}[];
}

export interface SeenLetter {
	readonly trigger: string;
	readonly event: Pick<SeenEvent, 'id' | 'type'>;
	readonly received_at: string;
	readonly error: string | null;
}

/** The events of a run and their dead letters. */
export interface EventState {
	/** After the dead letters were replayed. */
	readonly events: readonly SeenEvent[];
	/** The dead letters when everything else had become quiet. */
	readonly letters: readonly SeenLetter[];
	/** Those that are left after their replay. */
	readonly left: readonly SeenLetter[];
}

const told = ({ type, id, subject, time }: SeenEvent): string => `${type} ${id} about ${subject} of ${time}`;
const letter = ({ trigger, event, received_at, error }: SeenLetter): string =>
	`${trigger}: ${event.type} ${event.id}, received at ${received_at}: ${error}`;

/** The promises about every event, whoever emits it. */
export const invariants: readonly Invariant<EventState>[] = [
	{
		claim: 'every trigger has handled its events',
		violations: (_history, { events }) =>
			events.flatMap((event) =>
				event.deliveries
					.filter(({ status }) => status !== 'handled')
					.map(
						({ trigger, status, attempts }) => `${told(event)} is ${status} for ${trigger} after ${attempts} attempts`,
					),
			),
	},
	{
		// Handling an event and emitting the next one are one transaction, so a second handling would emit again.
		claim: 'no trigger has handled an event twice',
		violations: (_history, { events }) => {
			const effects = Map.groupBy(
				events.filter(({ cause }) => cause !== null),
				({ cause, source, type }) => `${source} emitted ${type} because of ${cause}`,
			);
			return [...effects]
				.filter(([, { length }]) => length > 1)
				.map(([what, found]) => `${what}: ${found.map(told).join(' and ')}`);
		},
	},
	{
		claim: 'a fault explains every failed delivery',
		violations: ({ faults, at }, { events }) =>
			events.flatMap((event) =>
				event.deliveries.flatMap((delivery) =>
					delivery.failures
						.filter((failure) => {
							const failed = at(failure.at);
							return !explains(faults, 'events', delivery.function, failed - patience, failed);
						})
						.map((failure) => `${told(event)} failed for ${delivery.trigger} at ${failure.at}: ${failure.error}`),
				),
			),
	},
	{
		claim: 'a fault explains every dead letter',
		violations: ({ faults, at }, { letters }) =>
			letters
				.filter(({ trigger, received_at }) => {
					const received = at(received_at);
					return !explains(faults, 'events', functionOf(trigger), received - retries, received);
				})
				.map(letter),
	},
	{
		claim: 'no dead letter is left after its replay',
		violations: (_history, { left }) => left.map(letter),
	},
];

/** How long an attempt can wait for the database, in milliseconds, before it is recorded as failed. */
const patience = 35_000;
/** The time that all retries of a delivery take, in milliseconds (eventing/delivery.ts), with the time-outs of attempts. */
const retries = 127_000 + 9 * 30_000;

const functionOf = (trigger: string): string => trigger.split('-on-')[0] ?? '';
