import { useState } from 'react';
import { keep, kept } from '../api/kept.ts';
import { words } from '../language.ts';

const themes = ['light', 'system', 'dark'] as const;
const signs = { light: '☀', system: '◐', dark: '☾' } as const;

const useWords = words(
	{ label: 'Theme', light: 'By day', system: 'As the system', dark: 'By night' },
	{ label: 'Thème', light: 'De jour', system: 'Comme le système', dark: 'De nuit' },
);

/** By day, by night, or as the system has it; `theme.ts` puts it back before the next first paint. */
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
