import { Failure } from '../kubectl/failure.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import { type Choices, defaults } from '../manifests/choices.ts';

interface Need {
	readonly when: (choices: Choices) => boolean;
	/** The arguments with which kubectl succeeds if the cluster has it. */
	readonly found: readonly string[];
	readonly lacks: string;
	readonly install: string;
}

const needs: readonly Need[] = [
	{
		when: ({ broker }) => broker === 'kafka',
		found: ['get', 'configmap', 'kafka-broker-config', '-n', 'knative-eventing'],
		lacks: '--broker kafka needs Knative’s Broker for Apache Kafka',
		install: 'https://knative.dev/docs/eventing/brokers/broker-types/kafka-broker/',
	},
	{
		when: ({ broker }) => broker.startsWith('rabbitmq'),
		found: ['get', 'crd', 'rabbitmqbrokerconfigs.eventing.knative.dev'],
		lacks: '--broker rabbitmq:… needs Knative’s Broker for RabbitMQ, and the operators of RabbitMQ',
		install: 'https://knative.dev/docs/eventing/brokers/broker-types/rabbitmq-broker/',
	},
	{
		when: ({ database }) => database === 'cloudnative-pg',
		found: ['get', '--raw', '/apis/postgresql.cnpg.io/v1'],
		lacks: '--database cloudnative-pg needs CloudNativePG',
		install: 'https://cloudnative-pg.io/docs/current/installation_upgrade',
	},
	{
		when: ({ tls }) => tls?.startsWith('issuer:') ?? false,
		found: ['get', '--raw', '/apis/cert-manager.io/v1'],
		lacks: '--tls issuer:… needs cert-manager, and a ClusterIssuer of that name',
		install: 'https://cert-manager.io/docs/installation/',
	},
];

/** Checks that the cluster has what the choices need. @throws {Failure} that says what it lacks and where to get it */
export async function checkNeeds(kubectl: Kubectl, choices: Partial<Choices>): Promise<void> {
	for (const { when, found, lacks, install } of needs) {
		if (!when({ ...defaults, ...choices })) continue;
		if ((await kubectl.attempt(found)).code !== 0)
			throw new Failure('environment', `${lacks}, which this cluster does not have. Install it: ${install}`);
	}
}
