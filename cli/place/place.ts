import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkCluster } from '../../k8s/cluster/check.ts';
import { Failure } from '../../k8s/kubectl/failure.ts';
import { Kubectl } from '../../k8s/kubectl/kubectl.ts';
import { findRunning, isOpening, type Running } from '../../local/running.ts';
import { shop } from '../../shop.ts';
import { root } from '../commands/options.ts';

/** The options that say which shop a command serves. */
export interface Where {
	/** Data folder of a shop on this machine; absent if the option was not given. */
	readonly data?: string | undefined;
	/** Namespace of a shop on a cluster; absent if the option was not given. */
	readonly namespace?: string | undefined;
	readonly on?: 'laptop' | 'cluster' | undefined;
}

/** An open shop on this machine. */
export interface OpenShop {
	readonly data: string;
	readonly running: Running;
}

/** A closed shop on this machine. */
export interface ClosedShop {
	readonly data: string;
	readonly running?: never;
}

interface ShopOnCluster {
	readonly kubectl: Kubectl;
}

/**
 * Chooses the shop that a command serves, and prints which: the open one on this machine, else the one of the current
 * kube context. A given namespace never means this machine, and a given data folder never means the cluster.
 * @param knative false if the command works on a cluster without Knative
 * @throws {Failure} 2 when the options contradict each other, 3 when there is no such shop
 */
export async function choosePlace(where: Where, { knative = true } = {}): Promise<OpenShop | ShopOnCluster> {
	const here = isHere(where);
	const data = folderOf(where);
	const running = here === false ? undefined : await findRunning(data);
	if (running) {
		process.stderr.write(`The shop on this machine, ${running.url}\n`);
		return { data, running };
	}
	if (here !== false && isOpening(data))
		throw new Failure('environment', `The shop with its data in ${data} is still opening. Try again in a few seconds.`);
	if (here)
		throw new Failure(
			'environment',
			`No shop is open with its data in ${data}. Open it: npx bodega start --data ${data}`,
		);
	const kubectl = new Kubectl(where.namespace ?? shop.namespace);
	try {
		await checkCluster(kubectl, { knative });
	} catch (cause) {
		if (here === false || !(cause instanceof Failure)) throw cause;
		throw new Failure('environment', `No shop is open on this machine (npm start opens one). ${cause.message}`, {
			cause,
		});
	}
	return { kubectl };
}

/** Chooses as `choosePlace` does, but takes a closed shop on this machine rather than one on a cluster. */
export async function chooseDatabase(where: Where): Promise<OpenShop | ClosedShop | ShopOnCluster> {
	const here = isHere(where);
	const data = folderOf(where);
	const isGiven = here !== false && process.env['DATABASE_URL'];
	if (!isGiven && (here === false || (await findRunning(data)))) return await choosePlace(where);
	if (isGiven || existsSync(join(data, 'postgres', 'data'))) {
		const its = isGiven ? 'the database at DATABASE_URL' : `its data in ${data}, which is closed`;
		process.stderr.write(`The shop on this machine with ${its}\n`);
		return { data };
	}
	if (here)
		throw new Failure(
			'environment',
			`No shop has its database in ${data}. Give its folder with --data, its database with DATABASE_URL, or use --on cluster.`,
		);
	return await choosePlace(where);
}

/**
 * Chooses as `choosePlace` does, for a command that needs a shop on a cluster.
 * @throws {Failure} 2 when the shop is on this machine
 */
export async function chooseCluster(where: Where, command: string): Promise<Kubectl> {
	const place = await choosePlace(where);
	if ('kubectl' in place) return place.kubectl;
	throw new Failure(
		'usage',
		`bodega ${command} works only on a cluster: Postgres on this machine has no pg_dump. Stop the shop and copy its folder ${place.data} instead, or name a shop on the cluster: npx bodega ${command} -n ${shop.namespace}`,
	);
}

/** Returns the data folder of a shop on this machine. */
export const folderOf = ({ data }: Where): string => resolve(data ?? join(root, '.data'));

/** Returns whether the options name a shop on this machine, or one on a cluster; nothing if they name none. */
export function isHere({ data, namespace, on }: Where): boolean | undefined {
	const here = data !== undefined ? '--data' : on === 'laptop' ? '--on laptop' : undefined;
	const there = namespace !== undefined ? '--namespace' : on === 'cluster' ? '--on cluster' : undefined;
	if (here && there)
		throw new Failure(
			'usage',
			`${here} means a shop on this machine, and ${there} one on a cluster: expected only one of them.`,
		);
	return here ? true : there ? false : undefined;
}
