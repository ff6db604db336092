import { Failure } from '../kubectl/failure.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import { lastLine } from '../kubectl/run.ts';

const needed = [
	{ part: 'Knative Serving', api: '/apis/serving.knative.dev/v1' },
	{ part: 'Knative Eventing', api: '/apis/eventing.knative.dev/v1' },
	{ part: 'Knative Eventing 1.14 or newer', api: '/apis/eventing.knative.dev/v1beta3' },
] as const;

/** Checks that the cluster answers and has Knative. @throws {Failure} that says what is missing and how to get it */
export async function checkCluster(kubectl: Kubectl): Promise<void> {
	const context = await kubectl.context();
	const version = await kubectl.attempt(['get', '--raw', '/version', '--request-timeout=10s']);
	if (version.code !== 0)
		throw new Failure(
			'environment',
			`The cluster ${context ? `of kubectl's context "${context}"` : 'of kubectl'} does not answer: ${lastLine(version.stderr)}\n` +
				'Start it (`minikube start`), or select another: kubectl config get-contexts; kubectl config use-context NAME',
		);
	const answers = await Promise.all(needed.map(({ api }) => kubectl.attempt(['get', '--raw', api])));
	const missing = needed.find((_, index) => answers[index]?.code !== 0);
	if (missing)
		throw new Failure(
			'environment',
			`The cluster${context ? ` of context "${context}"` : ''} lacks ${missing.part}. ` +
				'Install it: https://knative.dev/docs/install/ (or, for a local one, https://knative.dev/docs/getting-started/quickstart-install/)',
		);
}
