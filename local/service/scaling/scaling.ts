/** How a Service scales on this machine. */
export interface Scaling {
	/** Seconds without requests after which an instance is stopped. */
	readonly idle: number;
	/** The number of parallel requests per instance, beyond which another instance starts. */
	readonly concurrency: number;
	/** The most instances. */
	readonly max: number;
}

/** The largest value of each setting. The smallest is 1, because a setting of 0 would stop an instance that just started. */
export type ScalingLimits = Scaling;

/** Returns the limits on a machine with this many cores. More instances than cores only slow each other down. */
export const limitsOn = (cores: number): ScalingLimits => ({ idle: 3_600, concurrency: 1_000, max: cores });

/** Returns what is wrong with a scaling, by setting, or the scaling itself. */
export function readScaling(
	value: unknown,
	limits: ScalingLimits,
): { readonly scaling: Scaling } | { readonly faults: Readonly<Record<string, string>> } {
	const settings = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
	const faults = Object.entries(limits).flatMap(([name, most]) => {
		const found = settings[name];
		if (Number.isInteger(found) && Number(found) >= 1 && Number(found) <= most) return [];
		return [[name, `expected a whole number from 1 to ${most}, found ${JSON.stringify(found) ?? 'none'}`]];
	});
	if (faults.length) return { faults: Object.fromEntries(faults) };
	const { idle, concurrency, max } = settings as unknown as Scaling;
	return { scaling: { idle, concurrency, max } };
}
