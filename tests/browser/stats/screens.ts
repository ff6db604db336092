import type { Screens } from '../screens.ts';

const screens: Screens = async () => [{ name: 'numbers', path: '/numbers' }];
export default screens;
