import { choose, type Language, languages, useLanguage, words } from '../../language.ts';

const useWords = words({ label: 'Language' }, { label: 'Langue' });
const names: Record<Language, string> = { en: 'English', fr: 'Français' };

export function LanguageSwitch() {
	const text = useWords();
	const language = useLanguage();
	return (
		<fieldset className="switch" aria-label={text.label}>
			{languages.map((each) => (
				<button
					key={each}
					type="button"
					lang={each}
					aria-pressed={each === language}
					title={names[each]}
					onClick={() => choose(each)}
				>
					{each.toUpperCase()} <span className="unseen">{names[each]}</span>
				</button>
			))}
		</fieldset>
	);
}
