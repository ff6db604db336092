import type { Language } from '../language.ts';
import { Store } from './store.ts';

/** Something that happened while the visitor looks at another screen or tab: a line of text that links to its screen. */
export interface News {
	readonly text: Readonly<Record<Language, string>>;
	/** The path of the screen that shows it. */
	readonly href: string;
}

/** The latest news, until the visitor closes it or goes to its screen. */
export const news = new Store<News | undefined>(undefined);

/** The other tabs of the shop in this browser. */
const others = new BroadcastChannel('bodega.news');
others.onmessage = ({ data }: MessageEvent<News>) => news.set(data);

export const tellOthers = (item: News): void => others.postMessage(item);
