import type { Screens } from '../screens.ts';

const screens: Screens = async () => [
	{ name: 'books', path: '/', looks: true },
	{ name: 'admin-books', path: '/admin/books', as: 'admin' },
	{ name: 'admin-table', path: '/admin/data/books.books?sort=-price', as: 'admin' },
];
export default screens;
