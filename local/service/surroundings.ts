/** The variables that every process of the shop gets from the user's shell: no secret is among them. */
const common = ['PATH', 'TZ', 'LANG', 'LC_ALL', 'SystemRoot', 'NODE_EXTRA_CA_CERTS'];
/** Those for a process that reaches the internet; Node reads either case. */
const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];
const forInternet = ['NODE_USE_ENV_PROXY', ...proxies, ...proxies.map((name) => name.toLowerCase())];

/**
 * Returns the part of the user's environment that a process of the shop needs. The rest can contain secrets, such as
 * `ADMIN_PASSWORD` and the owner's `DATABASE_URL`.
 */
export function surroundings({ internet = false } = {}, env: NodeJS.ProcessEnv = process.env): Record<string, string> {
	const names = internet ? [...common, ...forInternet] : common;
	return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
