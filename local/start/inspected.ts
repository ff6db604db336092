import { UsageError } from '../../kit/process/usage-error.ts';

/** The first port without a given one: Node's own, which debuggers try by default. */
const first = 9229;

/**
 * Reads the values of `--inspect`: a target, or a target and a port such as `books:9230`. Returns the port of each target.
 * @param targets the names of all targets
 * @throws {UsageError} that says what was expected
 */
export function portsOfInspected(values: readonly string[], targets: readonly string[]): ReadonlyMap<string, number> {
	const ports = new Map<string, number>();
	const chosen = values.map((value) => {
		const [, name = '', port] = /^([^:]*)(?::(.*))?$/.exec(value) ?? [];
		if (!targets.includes(name))
			throw new UsageError(`--inspect ${value}: expected one of ${targets.toSorted().join(', ')}, or NAME:PORT`);
		if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65_536))
			throw new UsageError(`--inspect ${value}: expected a port from 1 to 65535`);
		return { value, name, port: port === undefined ? undefined : Number(port) };
	});
	const taken = new Set(chosen.map(({ port }) => port));
	let next = first;
	for (const { value, name, port } of chosen) {
		while (port === undefined && taken.has(next)) next += 1;
		const own = port ?? next++;
		const other = ports.has(name) ? name : [...ports].find(([, used]) => used === own)?.[0];
		if (other !== undefined)
			throw new UsageError(
				`--inspect ${value}: expected each function and port once; ${other} has port ${ports.get(other)}`,
			);
		ports.set(name, own);
	}
	return ports;
}
