import type { Readiness } from '../cluster/readiness.ts';
import type { Kubectl } from './kubectl.ts';

interface Event {
	readonly reason: string;
	readonly message: string;
	readonly involvedObject: { readonly name: string };
}

/** The label selector of the Pods behind an object, by the object's kind. */
const selector: Readonly<Record<string, (name: string) => string>> = {
	StatefulSet: (name) => `app.kubernetes.io/name=${name}`,
	Job: (name) => `job-name=${name}`,
	Service: (name) => `serving.knative.dev/service=${name}`,
};

/** Returns why an object is not ready: its Pods' states, warnings and last log lines, and commands that show more. */
export async function diagnose(kubectl: Kubectl, { kind, name }: Readiness): Promise<string> {
	const { namespace } = kubectl;
	const look = `  to see more: kubectl -n ${namespace} describe ${kind === 'Service' ? 'ksvc' : kind.toLowerCase()} ${name}`;
	const label = selector[kind]?.(name);
	if (!label) return look;
	const [pods, events] = await Promise.all([
		kubectl.list('pods', '-l', label),
		kubectl.list<Event>('events', '--field-selector', 'type=Warning'),
	]);
	const lines = pods.flatMap(({ status }) =>
		(status?.containerStatuses ?? []).flatMap(({ name: container, state, restartCount }) => {
			const waiting = state?.waiting ? [`  ${container}: ${state.waiting.reason} ${state.waiting.message ?? ''}`] : [];
			return restartCount ? [...waiting, `  ${container}: restarted ${restartCount} times`] : waiting;
		}),
	);
	const about = new Set([...pods.map(({ metadata }) => metadata.name), name]);
	const warnings = events.filter(({ involvedObject }) => about.has(involvedObject.name));
	lines.push(...warnings.slice(-3).map(({ reason, message }) => `  ${reason}: ${message}`));
	const extent = ['--all-containers', '--tail=5', '--prefix=false'];
	const said = (await kubectl.attempt(['logs', '-n', namespace, '-l', label, ...extent])).stdout.trim();
	if (said)
		lines.push(
			'  its last log lines:',
			...said
				.split('\n')
				.slice(-5)
				.map((line) => `    ${line.slice(0, 300)}`),
		);
	const logs = `               kubectl -n ${namespace} logs -l ${label} --all-containers`;
	return [...new Set(lines), look, logs].join('\n');
}
