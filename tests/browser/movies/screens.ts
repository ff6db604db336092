import type { Screens } from '../screens.ts';

const screens: Screens = async () => [
	{ name: 'movies', path: '/movies' },
	{ name: 'admin-movies', path: '/admin/movies', as: 'admin' },
];
export default screens;
