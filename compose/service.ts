import { shop } from '../shop.ts';

/** A Compose service, with the fields used here (Compose Specification: "Services"). */
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
	readonly tmpfs?: readonly string[];
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

/** The security settings of every container. */
export const hardened = {
	read_only: true,
	cap_drop: ['ALL'],
	security_opt: ['no-new-privileges:true'],
	// Unlike Docker's default driver, this one rotates the log, so it stays small.
	logging: { driver: 'local' },
} as const satisfies Partial<Service>;

/** Returns a reference to a variable of the environment in which Compose runs, with a default. */
export const variable = (name: string, otherwise: string): string => `\${${name}:-${otherwise}}`;

/** Escapes a text for Compose, which otherwise reads a dollar as the start of a variable. */
export const literal = (text: string): string => text.replaceAll('$', '$$$$');

/** Returns an image name: a local build by default. Variables select an image that `bodega push` pushed. */
export const imageOf = (name: string): string =>
	`${variable('BODEGA_REGISTRY', 'dev.local')}/${shop.name}-${name}:${variable('BODEGA_VERSION', 'local')}`;

/** Returns how to build an image. It uses the same Dockerfile as for a cluster. */
export const buildOf = (name: string, target: 'function' | 'bundle' = 'function'): NonNullable<Service['build']> => ({
	context: '.',
	target,
	args: { FUNCTION: name },
});

/** Returns a health check that requests a path in the same container. The image has Node, but no curl. */
export const asks = (port: number, path: string, method: 'GET' | 'OPTIONS'): NonNullable<Service['healthcheck']> => ({
	test: [
		'CMD',
		'node',
		'-e',
		`fetch('http://127.0.0.1:${port}${path}', { method: '${method}' }).then(({ ok }) => process.exit(ok ? 0 : 1))`,
	],
	// Each check starts a Node process. With about thirty containers, more frequent checks would cost noticeable CPU
	// time.
	interval: '15s',
	timeout: '10s',
	retries: 4,
	start_period: '30s',
});
