/** The first path segment of every screen except the home screen at `/`. The gateway serves the page at each. */
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
