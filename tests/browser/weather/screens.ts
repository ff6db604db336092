import type { Screens } from '../screens.ts';

const screens: Screens = async () => [{ name: 'todo', path: '/todo?city=Paris' }];
export default screens;
