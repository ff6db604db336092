import { setTimeout as sleep } from 'node:timers/promises';
import { type Readiness, readinessOf } from '../cluster/readiness.ts';
import type { KubernetesObject } from '../manifests/object.ts';
import { diagnose } from './diagnosis.ts';
import { Failure } from './failure.ts';
import type { Kubectl } from './kubectl.ts';
import { step } from './progress.ts';
import { isStuck } from './stuck.ts';

/** Waits until all objects are ready. @throws {Failure} that says which are not, why, and what to do next */
export async function waitReady(
	label: string,
	kubectl: Kubectl,
	objects: readonly KubernetesObject[],
	seconds: number,
): Promise<void> {
	await step(label, async (tell) => {
		const start = Date.now();
		for (;;) {
			const all = await readinessOf(kubectl, objects);
			const open = all.filter(({ ready }) => !ready);
			if (!open.length) return;
			const hopeless = open.some(({ failed }) => failed) || (Date.now() - start > 15_000 && (await isStuck(kubectl)));
			if (hopeless || Date.now() - start > seconds * 1000) throw await explain(kubectl, open);
			tell(`${all.length - open.length} of ${all.length}, waiting for ${open.map(nameOf).slice(0, 3).join(', ')}`);
			await sleep(700);
		}
	});
}

const nameOf = ({ kind, name }: Readiness): string => `${kind} ${name}`;

async function explain(kubectl: Kubectl, open: readonly Readiness[]): Promise<Failure> {
	const causes: string[] = [];
	for (const each of open)
		causes.push(`${nameOf(each)} is not ready: ${each.reason}\n${await diagnose(kubectl, each)}`);
	return new Failure(
		'notReady',
		`${causes.join('\n')}\nFix this and run the command again. It skips what is already done.`,
	);
}
