import type { Screens } from '../screens.ts';

const screens: Screens = async (ask) => {
	await ask('/api/guestbook', { name: 'Ada', message: 'I shall come again.' });
	return [{ name: 'guestbook', path: '/guestbook', looks: true }];
};
export default screens;
