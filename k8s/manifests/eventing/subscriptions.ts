import type { ITrigger } from '@kubernetes-models/knative/eventing.knative.dev/v1';
import type { IPingSource } from '@kubernetes-models/knative/sources.knative.dev/v1';
import { attributeOf } from '../../../eventing/catalog/catalog.ts';
import { delivery, triggersOf } from '../../../eventing/delivery.ts';
import { type Declaration, eventsTarget } from '../../../kit/declare/declare.ts';
import { scheduleOf } from '../../../kit/declare/environment.ts';
import { broker, choicesOf, type Deployment } from '../deployment.ts';
import { metadata } from '../object.ts';

const destination = (service: string, uri?: string) => ({
	ref: { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: service },
	...(uri ? { uri } : {}),
});

/** Returns what sends events to a function: a Trigger for each type it reacts to, and a PingSource for its schedule. */
export function subscriptions(
	declaration: Declaration,
	functions: readonly Declaration[],
	deployment: Deployment,
): (ITrigger | IPingSource)[] {
	const { name, scale } = declaration;
	const schedule = scheduleOf(declaration, deployment.env);
	// By default, a RabbitMQ Broker delivers one event per Trigger at a time.
	const annotations = choicesOf(deployment).broker.startsWith('rabbitmq')
		? { 'rabbitmq.eventing.knative.dev/parallelism': String(scale.concurrency) }
		: undefined;
	const triggers = triggersOf([declaration]).map(
		(trigger): ITrigger => ({
			apiVersion: 'eventing.knative.dev/v1',
			kind: 'Trigger',
			metadata: { ...metadata(trigger.name, name, 'function'), ...(annotations ? { annotations } : {}) },
			spec: {
				broker,
				filters: [{ exact: { type: attributeOf(trigger.type) } }],
				// The function and the dead letter sink read the trigger's name from the path.
				subscriber: destination(eventsTarget(name), `/${trigger.name}`),
				// A Trigger's delivery replaces the Broker's completely, so it has to contain every field.
				delivery: {
					...delivery,
					deadLetterSink: destination(eventsTarget(deadLetters(functions)), `/${trigger.name}`),
				},
			},
		}),
	);
	if (!schedule) return triggers;
	const ping: IPingSource = {
		apiVersion: 'sources.knative.dev/v1',
		kind: 'PingSource',
		metadata: metadata(name, name, 'function'),
		spec: { schedule, timezone: 'UTC', sink: destination(eventsTarget(name)) },
	};
	return [...triggers, ping];
}

/** Returns the name of the function that stores dead letters. @throws {Error} when there is not exactly one */
function deadLetters(functions: readonly Declaration[]): string {
	const [sink, ...more] = functions.filter((fn) => fn.deadLetters);
	if (!sink || more.length) throw new Error('exactly one function must declare deadLetters: true');
	return sink.name;
}
