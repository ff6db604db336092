/** A service of Compose, as far as it is used here (Compose Specification: "Services"). */
export interface Service {
	readonly image: string;
	readonly build?: {
		readonly context: string;
		readonly target: string;
		readonly args: Readonly<Record<string, string>>;
	};
	readonly command?: readonly string[];
	readonly user?: string;
	readonly environment?: Readonly<Record<string, string>>;
	readonly depends_on?: Readonly<Record<string, { condition: 'service_healthy' | 'service_completed_successfully' }>>;
	readonly networks?: readonly string[];
	readonly network_mode?: 'none';
	readonly ports?: readonly string[];
	readonly volumes?: readonly string[];
	readonly tmpfs: readonly string[];
	readonly healthcheck?: {
		readonly test: readonly string[];
		readonly interval: string;
		readonly timeout: string;
		readonly retries: number;
		readonly start_period: string;
	};
	readonly restart?: 'unless-stopped';
	readonly read_only: true;
	readonly cap_drop: readonly ['ALL'];
	readonly security_opt: readonly string[];
	readonly logging: { readonly driver: string };
}

/** What every container is held to. */
export const hardened = {
	read_only: true,
	cap_drop: ['ALL'],
	security_opt: ['no-new-privileges:true'],
	tmpfs: ['/tmp:size=16m'],
	// Unlike Docker's default it keeps no more than the last of it.
	logging: { driver: 'local' },
} as const satisfies Partial<Service>;

/** A variable of whoever runs Compose, with its default. */
export const variable = (name: string, otherwise: string): string => `\${${name}:-${otherwise}}`;

/** A text that is meant as it is: Compose takes a dollar for the beginning of a variable. */
export const literal = (text: string): string => text.replaceAll('$', '$$$$');

/** One of our images, built here unless another registry and version are named, to which `bodega push` has pushed. */
export const imageOf = (name: string): string =>
	`${variable('BODEGA_REGISTRY', 'dev.local')}/bodega-${name}:${variable('BODEGA_VERSION', 'local')}`;

/** How an image is built: of the same Dockerfile as for a cluster. */
export const buildOf = (name: string, target: 'function' | 'bundle' = 'function'): NonNullable<Service['build']> => ({
	context: '.',
	target,
	args: { FUNCTION: name },
});

/** Asks a server of its own container; there is neither a shell in it that is needed, nor curl. */
export const asks = (port: number, path: string, method: 'GET' | 'OPTIONS'): NonNullable<Service['healthcheck']> => ({
	test: [
		'CMD',
		'node',
		'-e',
		`fetch('http://127.0.0.1:${port}${path}', { method: '${method}' }).then(({ ok }) => process.exit(ok ? 0 : 1))`,
	],
	// Each time is the start of a Node, which some thirty containers at once would feel.
	interval: '15s',
	timeout: '10s',
	retries: 4,
	start_period: '30s',
});
