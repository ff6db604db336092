import type { Screens } from '../screens.ts';

const screens: Screens = async () => [
	{ name: 'invoices', path: '/invoices', as: 'admin' },
	{ name: 'admin-billing', path: '/admin/billing', as: 'admin' },
];
export default screens;
