import { useMutation } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import { ask } from '../api/ask.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { TextArea } from '../ui/field.tsx';
import { Failure } from '../ui/notice.tsx';
import { histogram } from './histogram.ts';
import { type Parsed, parse, type Wrong } from './parse.ts';
import { Summary } from './summary.tsx';

const useWords = words(
	{
		title: 'Statistics',
		values: 'Numbers',
		hint: 'Spaces, lines, commas or semicolons between them; where there are semicolons, a comma is a decimal comma. A text file can be dropped here.',
		file: 'From a file',
		population: 'All there are',
		sample: 'A sample of more',
		what: 'What the numbers are',
		show: 'Look at them',
		none: 'At least one number is wanted.',
		two: 'A sample has at least two numbers.',
		many: 'A million numbers at most.',
		large: 'The file is larger than 20 MB.',
		wrong: (entry: string, place: string, line: string) => `Line ${line}, entry ${place}: “${entry}” is not a number.`,
		others: (count: string, one: boolean) => (one ? 'Nor is one more entry.' : `Nor are ${count} more entries.`),
	},
	{
		title: 'Statistiques',
		values: 'Nombres',
		hint: 'Séparés par des espaces, des lignes, des virgules ou des points-virgules ; s’il y a des points-virgules, la virgule est décimale. On peut déposer ici un fichier texte.',
		file: 'Depuis un fichier',
		population: 'Tous les nombres',
		sample: 'Un échantillon',
		what: 'Ce que sont ces nombres',
		show: 'Examiner',
		none: 'Il faut au moins un nombre.',
		two: 'Un échantillon compte au moins deux nombres.',
		many: 'Un million de nombres au plus.',
		large: 'Le fichier dépasse 20 Mo.',
		wrong: (entry: string, place: string, line: string) =>
			`Ligne ${line}, entrée ${place} : « ${entry} » n’est pas un nombre.`,
		others: (count: string, one: boolean) =>
			one ? 'Une autre entrée n’en est pas un non plus.' : `${count} autres entrées n’en sont pas non plus.`,
	},
);

/** What the function stats takes at once. */
const mostValues = 1_000_000;
const mostBytes = 20_000_000;

/** A heap of numbers, what the function stats says of them, and how they are spread. */
export function Statistics() {
	const text = useWords();
	const { number } = useFormat();
	const file = useId();
	const heap = useRef<HTMLTextAreaElement>(null);
	const [pasted, setPasted] = useState('');
	const [sample, setSample] = useState(false);
	const [fault, setFault] = useState<string>();
	const look = useMutation({
		mutationFn: async (values: readonly number[]) => ({
			summary: await ask('POST /api/stats/summary', { body: { values, sample } }),
			bins: histogram(values),
		}),
	});

	const take = async (given: File | undefined): Promise<void> => {
		if (!given) return;
		if (given.size > mostBytes) return setFault(text.large);
		setFault(undefined);
		// As a text field counts its characters.
		setPasted((await given.text()).replace(/\r\n?/g, '\n'));
	};
	const faultIn = (parsed: Parsed): string | undefined => {
		if ('wrong' in parsed) {
			const { entry, place, line } = parsed.wrong;
			const said = text.wrong(entry.slice(0, 40), number(place), number(line));
			const others = parsed.count - 1;
			return others ? `${said} ${text.others(number(others), others === 1)}` : said;
		}
		const count = parsed.values.length;
		if (count === 0) return text.none;
		if (count > mostValues) return text.many;
		return sample && count < 2 ? text.two : undefined;
	};
	/** Shows where it is, so that it need not be looked for. */
	const select = ({ entry, at }: Wrong): void => {
		// A field that gets the focus is scrolled to its caret, but not to its selection.
		heap.current?.setSelectionRange(at, at);
		heap.current?.focus();
		heap.current?.setSelectionRange(at, at + entry.length);
	};
	const submit = (): void => {
		const parsed = parse(pasted);
		const found = faultIn(parsed);
		setFault(found);
		if ('wrong' in parsed) select(parsed.wrong);
		else if (found) heap.current?.focus();
		else if (!look.isPending) look.mutate(parsed.values);
	};

	return (
		<section className="card stack" aria-labelledby="statistics">
			<h2 id="statistics">{text.title}</h2>
			<form
				className="stack"
				onSubmit={(event) => {
					event.preventDefault();
					submit();
				}}
			>
				<TextArea
					ref={heap}
					label={text.values}
					hint={text.hint}
					fault={fault}
					className="heap"
					spellCheck={false}
					value={pasted}
					onChange={({ target }) => setPasted(target.value)}
					onDragOver={(event) => event.preventDefault()}
					onDrop={(event) => {
						const dropped = event.dataTransfer.files[0];
						if (!dropped) return;
						event.preventDefault();
						void take(dropped);
					}}
				/>
				<div className="row">
					<input
						id={file}
						type="file"
						accept="text/*,.csv"
						className="unseen file-input"
						onChange={({ target }) => {
							void take(target.files?.[0]);
							// The same one may be chosen again when it has been mended.
							target.value = '';
						}}
					/>
					<label htmlFor={file} className="button">
						{text.file}
					</label>
					<fieldset className="row">
						<legend className="unseen">{text.what}</legend>
						{([false, true] as const).map((each) => (
							<label key={String(each)} className="check">
								<input type="radio" name="sample" checked={sample === each} onChange={() => setSample(each)} />
								{each ? text.sample : text.population}
							</label>
						))}
					</fieldset>
				</div>
				<Button type="submit" kind="main" busy={look.isPending}>
					{text.show}
				</Button>
			</form>
			{!fault && <Failure error={look.error} />}
			{!fault && look.data && <Summary {...look.data} />}
		</section>
	);
}
