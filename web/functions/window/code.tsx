import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { FunctionCode } from '../../../functions/info/api.ts';
import { words } from '../../language.ts';
import { Select } from '../../ui/field.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { linesOf } from './highlight.ts';

const useWords = words(
	{
		title: 'Code',
		lead: 'What runs: the declaration, the source that it was built from, and what a cluster makes of it.',
		show: 'Show',
		declaration: 'Declaration, with its defaults',
		manifests: 'Knative manifests',
		missing: 'Not generated yet: run npm run generate.',
		cut: 'Only the beginning of this file is shown.',
	},
	{
		title: 'Code',
		lead: 'Ce qui tourne : la déclaration, les sources dont elle est issue, et ce qu’un cluster en fait.',
		show: 'Afficher',
		declaration: 'Déclaration, avec ses valeurs par défaut',
		manifests: 'Manifestes Knative',
		missing: 'Pas encore générés : lancez npm run generate.',
		cut: 'Seul le début de ce fichier est affiché.',
	},
);

interface Shown {
	readonly id: string;
	readonly title: string;
	readonly path: string;
	readonly text: string;
	readonly complete: boolean;
}

interface Props {
	readonly query: UseQueryResult<FunctionCode>;
	readonly name: string;
}

export function Code({ query, name }: Props) {
	const text = useWords();
	return (
		<section className="stack" aria-labelledby="code">
			<h2 id="code">{text.title}</h2>
			<p className="lead">{text.lead}</p>
			<Loaded query={query}>{(code) => <Files code={code} name={name} />}</Loaded>
		</section>
	);
}

function Files({
	code: { declaration, manifests, files },
	name,
}: {
	readonly code: FunctionCode;
	readonly name: string;
}) {
	const text = useWords();
	const [chosen, setChosen] = useState('');
	const all: readonly Shown[] = [
		...files.map(({ path, ...file }) => ({ ...file, path, id: path, title: path })),
		{
			...{ id: 'declaration', title: text.declaration, path: `${name}.json`, complete: true },
			text: JSON.stringify(declaration, undefined, 2),
		},
		{
			...{ id: 'manifests', title: text.manifests, path: `${name}.yaml`, complete: true },
			text: manifests || `# ${text.missing}`,
		},
	];
	const shown = all.find(({ id }) => id === chosen) ?? (all[0] as Shown);
	return (
		<div className="card stack">
			<Select label={text.show} value={shown.id} onChange={({ target }) => setChosen(target.value)}>
				{all.map(({ id, title }) => (
					<option key={id} value={id}>
						{title}
					</option>
				))}
			</Select>
			<Listing path={shown.path} title={shown.title} text={shown.text} />
			{!shown.complete && <p className="small quiet">{text.cut}</p>}
		</div>
	);
}

function Listing({ path, title, text }: { readonly path: string; readonly title: string; readonly text: string }) {
	const lines = useMemo(() => linesOf(path, text), [path, text]);
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be keyboard-focusable
		<section className="scroll listing" aria-label={title} tabIndex={0}>
			<pre translate="no">
				{lines.map((parts, number) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its number
					<span key={number} className="line">
						{parts.map(({ kind, text: part }, index) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: so is a part of it
							<span key={index} data-kind={kind}>
								{part}
							</span>
						))}
						{'\n'}
					</span>
				))}
			</pre>
		</section>
	);
}
