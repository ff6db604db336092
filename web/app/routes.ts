import { type ComponentType, createElement, use } from 'react';
import Books from '../books/books.tsx';
import { type Screen, screens } from '../screens.ts';

interface Route {
	readonly path: string;
	readonly screen: ComponentType;
	/** Loads the screen's code. */
	readonly load?: () => Promise<unknown>;
}

/** Loads the screen's code when it is first shown. */
function lazily({ path, load }: Screen): Route {
	let loaded: ComponentType | undefined;
	let loading: Promise<ComponentType> | undefined;
	const keep = async () => {
		loaded = (await load()).default;
		return loaded;
	};
	const loadOnce = () => {
		loading ??= keep();
		return loading;
	};
	return { path, screen: () => createElement(loaded ?? use(loadOnce())), load: loadOnce };
}

/** The code of the first screen comes with the page. */
export const routes: readonly Route[] = screens.map((screen) =>
	screen.path === '/' ? { path: '/', screen: Books } : lazily(screen),
);

/** Loads the code of the screen at a path. */
export async function loadScreen(pathname: string): Promise<void> {
	const matches = (path: string): boolean => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`).test(pathname);
	await routes.find(({ path }) => matches(path))?.load?.();
}
