import type { Screens } from '../screens.ts';

const screens: Screens = async (ask) => {
	for (const title of ['Dust the shelves', 'Water the fern', 'Call the printer']) await ask('/api/todo', { title });
	return [{ name: 'todo', path: '/todo?city=Paris' }];
};
export default screens;
