import { type ComponentType, createElement, type ReactNode, use } from 'react';
import { home, type Lazy, type Load, screens } from '../screens.ts';

interface Route {
	readonly path: string;
	readonly screen: ComponentType;
	/** Loads the screen's code. */
	readonly load?: (() => Promise<unknown>) | undefined;
}

/** Loads the code of the screen and of its parts, in parallel, when it is first shown. */
function lazily({ path, load, parts = {} }: Lazy): Route {
	let loaded: (() => ReactNode) | undefined;
	let loading: Promise<() => ReactNode> | undefined;
	const keep = async () => {
		const part = async ([key, loadPart]: [string, Load]) => createElement((await loadPart()).default, { key });
		const [screen, children] = await Promise.all([load(), Promise.all(Object.entries(parts).map(part))]);
		loaded = () => createElement(screen.default, null, children);
		return loaded;
	};
	const loadOnce = () => {
		loading ??= keep();
		return loading;
	};
	return { path, screen: () => (loaded ?? use(loadOnce()))(), load: loadOnce };
}

export const routes: readonly Route[] = screens.flatMap((screen) => {
	const route = screen.screen ? screen : lazily(screen);
	return screen === home && screen.path !== '/' ? [route, { ...route, path: '/' }] : [route];
});

/** Loads the code of the screen at a path. */
export async function loadScreen(pathname: string): Promise<void> {
	const matches = (path: string): boolean => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`).test(pathname);
	await routes.find(({ path }) => matches(path))?.load?.();
}
