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
		hint: 'Separate them with spaces, line breaks, commas or semicolons. If there are semicolons, commas are decimal commas. You can drop a text file here.',
		file: 'From a file',
		population: 'All of them',
		sample: 'A sample',
		what: 'These numbers are',
		show: 'Analyze',
		none: 'Enter at least one number.',
		two: 'A sample needs at least two numbers.',
		many: 'Enter at most a million numbers.',
		large: 'The file is larger than 20 MB.',
		wrong: (entry: string, place: string, line: string) => `Line ${line}, entry ${place}: “${entry}” is not a number.`,
		others: (count: string, one: boolean) =>
			one ? 'One more entry is invalid too.' : `${count} more entries are invalid too.`,
	},
	{
		title: 'Statistiques',
		values: 'Nombres',
		hint: 'Séparés par des espaces, des lignes, des virgules ou des points-virgules ; s’il y a des points-virgules, la virgule est décimale. On peut déposer ici un fichier texte.',
		file: 'Depuis un fichier',
		population: 'Tous les nombres',
		sample: 'Un échantillon',
		what: 'Ces nombres sont',
		show: 'Examiner',
		none: 'Saisissez au moins un nombre.',
		two: 'Un échantillon compte au moins deux nombres.',
		many: 'Saisissez au plus un million de nombres.',
		large: 'Le fichier dépasse 20 Mo.',
		wrong: (entry: string, place: string, line: string) =>
			`Ligne ${line}, entrée ${place} : « ${entry} » n’est pas un nombre.`,
		others: (count: string, one: boolean) =>
			one ? 'Une autre entrée n’en est pas un non plus.' : `${count} autres entrées n’en sont pas non plus.`,
	},
);

/** Limits of one request to the stats function. */
const mostValues = 1_000_000;
const mostBytes = 20_000_000;

export default function Statistics() {
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
		// A textarea normalizes line ends the same way, so offsets match.
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
	const select = ({ entry, at }: Wrong): void => {
		// Focusing a field scrolls it to the caret, but not to a selection.
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
							// Allow choosing the same file again after it was corrected.
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
								<input
									type="radio"
									className="tick"
									name="sample"
									checked={sample === each}
									onChange={() => setSample(each)}
								/>
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
