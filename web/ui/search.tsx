import { useEffect, useState } from 'react';
import { useSearchParams } from 'wouter';
import { words } from '../language.ts';
import { Button } from './button.tsx';
import { Input } from './field.tsx';

const useWords = words({ search: 'Search' }, { search: 'Chercher' });

/** Milliseconds from the last key to the search. */
const pause = 300;

/** Returns the search text from the URL parameter, or undefined if it is empty, and a function that sets it. */
export function useSearched(name = 'search'): [string | undefined, (text: string) => void] {
	const [params, setParams] = useSearchParams();
	const search = (text: string): void =>
		setParams(
			(before) => {
				const after = new URLSearchParams(before);
				if (text) after.set(name, text);
				else after.delete(name);
				return after;
			},
			// Back leads to the previous screen, not through the typed texts.
			{ replace: true },
		);
	return [params.get(name) || undefined, search];
}

interface Props {
	/** The fields that are searched: "Title or author". */
	readonly label: string;
	/** The URL parameter that stores the search. */
	readonly name?: string;
}

/** A search field that searches shortly after the last key and stores the text in the URL. */
export function Search({ label, name }: Props) {
	const text = useWords();
	const [searched, search] = useSearched(name);
	/** The typed text, until it is searched. */
	const [typed, setTyped] = useState<string>();
	const begin = (what: string): void => {
		search(what);
		setTyped(undefined);
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: only a key restarts the timer
	useEffect(() => {
		if (typed === undefined) return undefined;
		const timer = setTimeout(() => begin(typed), pause);
		return () => clearTimeout(timer);
	}, [typed]);
	return (
		<search>
			<form
				className="search"
				onSubmit={(event) => {
					event.preventDefault();
					begin(typed ?? searched ?? '');
				}}
			>
				<Input
					label={label}
					type="search"
					autoComplete="off"
					maxLength={200}
					value={typed ?? searched ?? ''}
					onChange={({ target }) => setTyped(target.value)}
				/>
				<Button type="submit">{text.search}</Button>
			</form>
		</search>
	);
}
