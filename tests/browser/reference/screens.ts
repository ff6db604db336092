import type { Screens } from '../screens.ts';

const screens: Screens = async () => [{ name: 'reference', path: '/reference?operation=getOpenApi' }];
export default screens;
