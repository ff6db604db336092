import { keep, kept } from './api/kept.ts';
import { Store, useStore } from './api/store.ts';

export const languages = ['en', 'fr'] as const;
export type Language = (typeof languages)[number];

const isLanguage = (text: string | undefined): text is Language => languages.some((language) => language === text);

/** Returns the chosen language, or else the first browser language that the page supports. */
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

/** The type of the French texts: the same keys as the English ones. */
type Same<Words> = {
	readonly [Key in keyof Words]: Words[Key] extends string
		? string
		: Words[Key] extends (...args: infer Args) => string
			? (...args: Args) => string
			: Same<Words[Key]>;
};

/** Declares the texts of one part of the page in both languages. Returns a hook that picks the reader's language. */
export function words<const Words extends object>(en: Words, fr: Same<Words>): () => Same<Words> {
	return () => (useStore(language) === 'fr' ? fr : (en as Same<Words>));
}
