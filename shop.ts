/** The one place to rename the shop. */
export const shop = {
	/** In names of resources and images, and in log attributes: lower-case letters, digits, dashes. */
	name: 'bodega',
	/** The database and its owner; every role starts with it: lower-case letters, digits, underscores. */
	database: 'bodega',
	/** For people. */
	title: 'Bodega',
	/** The Kubernetes namespace, unless the operator chooses another. */
	namespace: 'bodega',
	/** Every CloudEvents `type` starts with it. */
	eventPrefix: 'dev.bodega',
	/** The function that signs users in. Its view `access_keys` holds the public keys of access tokens. */
	accounts: 'users',
	/** The path at which users sign in (POST) and out (DELETE). */
	signIn: '/api/users/session',
	/** The e-mail address of the first admin. */
	firstAdmin: 'admin@bodega.local',
	/** The roles of accounts. An operation's `access` names one. */
	roles: ['admin', 'user'],
} as const;
