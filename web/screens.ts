/** The first part of the path of every screen but the first, which is at `/`. The gateway serves the page at each. */
export const screens = [
	'movies',
	'orders',
	'invoices',
	'todo',
	'numbers',
	'sign-in',
	'sign-up',
	'functions',
	'events',
	'dead-letters',
	'drill',
	'map',
	'admin',
] as const;
