import { unavailable } from '../../kit/http/problem.ts';
import { ApiFailure, type KubernetesApi } from './kubernetes-api.ts';
import type { LogReader, RawLine } from './platform.ts';

interface Pod {
	readonly metadata: {
		readonly name: string;
		readonly creationTimestamp: string;
		readonly labels: Readonly<Record<string, string>>;
	};
}

/** The most Pods whose logs are read, the newest first. */
const mostPods = 10;
/** The number of past lines of each Pod. */
const past = 200;
/** The most bytes of one read of a Pod's log. The next read continues there. */
const mostBytes = 262_144;

/** Reads the logs of the Pods of some Services, again and again, because each read is short and bounded. */
export function kubernetesLog(api: KubernetesApi, services: readonly string[]): LogReader {
	/** The time of the last line of each Pod, as the kubelet reports it. */
	const last = new Map<string, string>();

	const readPod = async ({ metadata: { name, labels } }: Pod): Promise<RawLine[]> => {
		const from = last.get(name);
		// The kubelet counts whole seconds.
		const range = from === undefined ? `tailLines=${past}` : `sinceTime=${from.slice(0, 19)}Z`;
		const query = `container=function&timestamps=true&limitBytes=${mostBytes}&${range}`;
		const text = await api.text(`/api/v1/namespaces/{namespace}/pods/${name}/log?${query}`).catch((error) => {
			// The container has not started, or the Pod has ended.
			if (error instanceof ApiFailure && [400, 404].includes(error.status)) return '';
			throw unavailable('Cannot read the log from the Kubernetes API. Try again shortly.', error);
		});
		const isCut = Buffer.byteLength(text) >= mostBytes;
		// The last part is empty, or a line that the limit has cut.
		const lines = text.split('\n').slice(0, -1).map(timed);
		const fresh = lines.filter(({ time }) => from === undefined || time > from);
		last.set(name, fresh.at(-1)?.time ?? (isCut && from ? nextSecond(from) : (from ?? '')));
		if (!last.get(name)) last.delete(name);
		return fresh.map((line) => ({ ...line, service: labels['serving.knative.dev/service'] ?? name }));
	};

	return async () => {
		const selector = encodeURIComponent(`serving.knative.dev/service in (${services.join(',')})`);
		const { items } = await api.get<{ items: Pod[] }>(`/api/v1/namespaces/{namespace}/pods?labelSelector=${selector}`);
		const newest = items
			.toSorted((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp))
			.slice(0, mostPods);
		const names = new Set(newest.map(({ metadata }) => metadata.name));
		for (const name of last.keys()) if (!names.has(name)) last.delete(name);
		const lines = (await Promise.all(newest.map(readPod))).flat();
		return lines.sort((a, b) => (a.time < b.time ? -1 : 1));
	};
}

/** Splits a line into its time, with nine digits of a second, and its text. */
function timed(line: string): { readonly time: string; readonly text: string } {
	const [, second = '', digits = '', text = ''] = /^(\S{19})(?:\.(\d+))?\S* (.*)$/s.exec(line) ?? [];
	return { time: `${second}.${digits.padEnd(9, '0')}Z`, text };
}

/** Returns the next whole second: so many lines of one second are lost rather than read for ever. */
const nextSecond = (time: string): string =>
	new Date(Date.parse(`${time.slice(0, 19)}Z`) + 1000).toISOString().replace('Z', '000000Z');
