import { keep, kept } from './api/kept.ts';
import { Store, useStore } from './api/store.ts';

export const languages = ['en', 'fr'] as const;
export type Language = (typeof languages)[number];

const isLanguage = (text: string | undefined): text is Language => languages.some((language) => language === text);

/** What was chosen, or the first of the browser's languages that there is. */
const preferred = (): Language =>
	[kept('language'), ...navigator.languages.map((tag) => tag.slice(0, 2))].find(isLanguage) ?? 'en';

const language = new Store<Language>(preferred());
const tell = (): void => {
	document.documentElement.lang = language.value;
};
language.follow(tell);
tell();

export const useLanguage = (): Language => useStore(language);

export function choose(chosen: Language): void {
	keep('language', chosen);
	language.set(chosen);
}

/** The French words say the same as the English, in the same places. */
type Same<Words> = {
	readonly [Key in keyof Words]: Words[Key] extends string
		? string
		: Words[Key] extends (...args: infer Args) => string
			? (...args: Args) => string
			: Same<Words[Key]>;
};

/** The words of one part of the page, in both languages; answers with the hook that tells them in the reader's. */
export function words<const Words extends object>(en: Words, fr: Same<Words>): () => Same<Words> {
	return () => (useStore(language) === 'fr' ? fr : (en as Same<Words>));
}
