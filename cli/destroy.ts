import { confirm } from '../k8s/commands/confirm.ts';
import { destroyCluster, destroyShop } from '../k8s/commands/destroy.ts';
import { Failure } from '../k8s/kubectl/failure.ts';
import { step } from '../k8s/kubectl/progress.ts';
import { stopRunning } from '../local/running.ts';
import { forget } from '../local/start/forget.ts';
import { choosePlace, isHere, type Where } from './place/place.ts';

interface DestroyOptions extends Where {
	/** Deletes the whole cluster that `bodega create` created. */
	readonly cluster?: boolean | undefined;
	readonly yes?: boolean | undefined;
}

/** Deletes the shop on this machine or on a cluster, or the cluster. @throws {Failure} when the user does not confirm */
export async function destroy({ cluster, yes, ...where }: DestroyOptions): Promise<void> {
	if (cluster) {
		if (isHere(where))
			throw new Failure(
				'usage',
				'--data means a shop on this machine, and --cluster a cluster: expected only one of them.',
			);
		return await destroyCluster({ yes });
	}
	const place = await choosePlace(where, { knative: false });
	if ('kubectl' in place) return await destroyShop(place.kubectl, { yes });
	const { data, running } = place;
	await confirm(yes, `Close the shop at ${running.url} and delete its data in ${data}?`, 'Nothing was deleted.');
	await step('shop closed', () => stopRunning(running));
	await step(`data in ${data} deleted`, () => forget(data));
}
