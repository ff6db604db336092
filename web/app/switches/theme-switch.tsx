import { useState } from 'react';
import { keep, kept } from '../../api/kept.ts';
import { words } from '../../language.ts';

const themes = ['light', 'system', 'dark'] as const;
const signs = { light: '☀', system: '◐', dark: '☾' } as const;

const useWords = words(
	{ label: 'Theme', light: 'Light', system: 'System', dark: 'Dark' },
	{ label: 'Thème', light: 'Clair', system: 'Système', dark: 'Sombre' },
);

/** Switches between the light, dark and system theme. `theme.ts` restores the choice before the next first paint. */
export function ThemeSwitch() {
	const text = useWords();
	const [theme, setTheme] = useState(kept('theme') ?? 'system');
	const choose = (chosen: (typeof themes)[number]): void => {
		setTheme(chosen);
		keep('theme', chosen);
		document.documentElement.dataset['theme'] = chosen;
	};
	return (
		<fieldset className="switch" aria-label={text.label}>
			{themes.map((each) => (
				<button
					key={each}
					type="button"
					aria-pressed={each === theme}
					aria-label={text[each]}
					title={text[each]}
					onClick={() => choose(each)}
				>
					<span aria-hidden="true">{signs[each]}</span>
				</button>
			))}
		</fieldset>
	);
}
