import { Failure } from '../kubectl/failure.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import { step } from '../kubectl/progress.ts';
import { complaint, troubleOf } from '../kubectl/trouble.ts';

const needed = [
	{ part: 'Knative Serving', api: '/apis/serving.knative.dev/v1' },
	{ part: 'Knative Eventing', api: '/apis/eventing.knative.dev/v1' },
	{ part: 'Knative Eventing 1.14 or newer', api: '/apis/eventing.knative.dev/v1beta3' },
] as const;

/** Milliseconds for the cluster to answer. */
const limit = 10_000;

interface Needs {
	/** False if the command works without Knative. */
	readonly knative?: boolean;
	/** False if the command creates the namespace. */
	readonly namespace?: boolean;
}

/**
 * Checks that the cluster answers and has Knative and the namespace. Then prints which shop the command serves.
 * @throws {Failure} 3 that says what is missing and how to get it
 */
export async function checkCluster(kubectl: Kubectl, needs: Needs = {}): Promise<void> {
	const context = await kubectl.context();
	const place = context ? `the cluster of context "${context}"` : 'the cluster of kubectl';
	// In parallel, so that a silent cluster costs the limit once.
	const paths = ['/version', `/api/v1/namespaces/${kubectl.namespace}`, ...needed.map(({ api }) => api)];
	const answers = await step(
		place,
		() => Promise.all(paths.map((path) => kubectl.attempt(['get', '--raw', path], { limit }))),
		{ quiet: true },
	);
	// A proxy or a website can answer too.
	if (answers[0]?.code === 0 && !answers[0].stdout.includes('gitVersion'))
		answers[0] = { code: 1, stdout: '', stderr: "its answer to /version is not an API server's" };
	const lacks = answers.map(({ code, stderr }, index) => {
		// Who has rights only in the namespace can lack the right to read the namespace itself.
		if (code === 0 || (index === 1 && /\(Forbidden\)/.test(stderr))) return false;
		if (index > 0 && /\(NotFound\)/.test(stderr)) return true;
		throw (
			troubleOf(stderr, context) ??
			new Failure(
				'environment',
				`There is no usable Kubernetes at ${place}: ${complaint(stderr)}. Select another: kubectl config use-context NAME`,
			)
		);
	});
	const missing = needed.find((_, index) => lacks[index + 2]);
	if (missing && needs.knative !== false)
		throw new Failure(
			'environment',
			`${missing.part} is missing on ${place}. Install it with npx bodega create --on current, or see https://knative.dev/docs/install/`,
		);
	if (lacks[1] && needs.namespace !== false)
		throw new Failure(
			'environment',
			`There is no namespace ${kubectl.namespace} on ${place}. Name the shop's with --namespace, or deploy one: npx bodega deploy --namespace ${kubectl.namespace}`,
		);
	process.stderr.write(
		`The shop in namespace ${kubectl.namespace} of ${context ? `context ${context}` : 'the cluster of kubectl'}\n`,
	);
}
