import { maxConnections } from '../database/connections.ts';
import { type Declaration, type Target, targetsOf } from '../kit/declare/declare.ts';
import { environmentOf } from '../kit/declare/environment.ts';
import { shop } from '../shop.ts';
import { addresses, credentials, database, port } from './addresses.ts';
import { asks, buildOf, hardened, imageOf, literal, type Service, variable } from './service.ts';

interface Project {
	readonly name: string;
	readonly services: Readonly<Record<string, Service>>;
	readonly networks: Readonly<Record<string, { readonly internal?: true }>>;
	readonly volumes: Readonly<Record<string, object>>;
}

/** A public default, so that a laptop needs no setup. There, only this machine can reach the gateway. */
const developmentPassword = 'bodega-development';
const ownerPassword = variable('POSTGRES_PASSWORD', developmentPassword);

/** The user id of the official Postgres image. */
const postgresUser = 999;

const volumeOf = (name: string): string => `credentials-${name}`;

/** Returns the settings of a container that reads the database's URL from its own volume instead of its environment. */
const connected = (name: string) => ({
	command: [`--env-file=${credentials.folder}/${credentials.file}`, '/app/function.cjs'],
	volumes: [`${volumeOf(name)}:${credentials.folder}:ro`],
});

/** Derives the whole shop from the declarations. Pure: the result depends on the argument only. */
export function project(functions: readonly Declaration[]): Project {
	const connecting = ['migrate', ...functions.filter(({ data }) => data).map(({ name }) => name)];
	return {
		name: shop.name,
		services: {
			credentials: credentialsService(connecting),
			postgres: postgres(functions),
			migrate: migration(),
			broker: brokerService(),
			...Object.fromEntries(
				functions.flatMap(targetsOf).map((target) => [target.name, functionService(target, functions)]),
			),
		},
		networks: { shop: { internal: true }, database: { internal: true }, outside: {} },
		volumes: Object.fromEntries(['postgres', ...connecting.map(volumeOf)].map((name) => [name, {}])),
	};
}

function credentialsService(connecting: readonly string[]): Service {
	return {
		image: imageOf('compose'),
		build: buildOf('compose', 'bundle'),
		command: ['/app/hand-out.cjs'],
		environment: { POSTGRES_PASSWORD: ownerPassword },
		volumes: connecting.map((name) => `${volumeOf(name)}:/app/credentials/${name}`),
		network_mode: 'none',
		...hardened,
	};
}

function postgres(functions: readonly Declaration[]): Service {
	return {
		image: 'postgres:18',
		user: `${postgresUser}:${postgresUser}`,
		command: ['-c', `max_connections=${maxConnections(functions)}`],
		environment: {
			POSTGRES_USER: database.owner,
			POSTGRES_DB: database.name,
			POSTGRES_PASSWORD: ownerPassword,
			// Sets UTF-8 sorted by code point, as on the laptop. Overrides the image's locale.
			LANG: 'C.UTF-8',
			// The image sets PATH twice, and Docker and Compose disagree about which one applies.
			PATH: '/usr/lib/postgresql/18/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
		},
		// The image stores the data of each major version in a subfolder.
		volumes: ['postgres:/var/lib/postgresql'],
		networks: ['database'],
		// Checks over TCP, because the image's initialization runs a temporary server on the socket only.
		healthcheck: {
			test: ['CMD', 'pg_isready', '-h', '127.0.0.1', '-U', database.owner, '-d', database.name],
			interval: '2s',
			timeout: '5s',
			retries: 15,
			start_period: '60s',
		},
		restart: 'unless-stopped',
		...hardened,
		tmpfs: ['/tmp:size=16m', `/var/run/postgresql:uid=${postgresUser},gid=${postgresUser},mode=3775`],
	};
}

function migration(): Service {
	return {
		image: imageOf('migrate'),
		build: buildOf('migrate', 'bundle'),
		...connected('migrate'),
		environment: { ADMIN_PASSWORD: variable('ADMIN_PASSWORD', developmentPassword), OWN_SERVER: 'true' },
		depends_on: {
			credentials: { condition: 'service_completed_successfully' },
			postgres: { condition: 'service_healthy' },
		},
		networks: ['database'],
		...hardened,
	};
}

/** Returns the service that replaces Knative Eventing: Broker, Triggers and PingSources. */
function brokerService(): Service {
	return {
		image: imageOf('compose'),
		networks: ['shop'],
		healthcheck: asks(port, '/', 'OPTIONS'),
		restart: 'unless-stopped',
		...hardened,
	};
}

/** Returns the service of a function's target. It has the same variables as on the laptop and the cluster. */
function functionService(target: Target, functions: readonly Declaration[]): Service {
	const { name, data, internet, role, settings } = target.declaration;
	const [first] = targetsOf(target.declaration);
	const plain = Object.entries(environmentOf(target, functions, addresses)).map(([key, value]) => {
		const setting = settings[key];
		return [key, setting ? variable(key, literal(String(setting.parse(undefined)))) : literal(value)];
	});
	const targets = functions.flatMap(targetsOf).map((each) => [each.name, addresses.url(each.name)]);
	// Functions call each other on the network `shop`. The database and the internet are each on another network.
	const networks = ['shop', ...(data ? ['database'] : []), ...(internet || role === 'gateway' ? ['outside'] : [])];
	return {
		image: imageOf(name),
		...(target.name === first?.name ? { build: buildOf(name) } : {}),
		...(data ? connected(name) : {}),
		environment: {
			...Object.fromEntries(plain),
			...(role === 'observer' ? { TARGET_URLS: JSON.stringify(Object.fromEntries(targets)) } : {}),
		},
		...(data ? { depends_on: { migrate: { condition: 'service_completed_successfully' } } } : {}),
		networks,
		...(role === 'gateway'
			? { ports: [['PAGE_PORT', '5173'] as const, ['API_PORT', '5000'] as const].map(published) }
			: {}),
		healthcheck: asks(port, '/health', 'GET'),
		restart: 'unless-stopped',
		...hardened,
	};
}

const published = ([name, otherwise]: readonly [name: string, otherwise: string]): string =>
	`127.0.0.1:${variable(name, otherwise)}:${port}`;
