import { useEffect, useState } from 'react';
import { useSearchParams } from 'wouter';
import { words } from '../language.ts';
import { Button } from './button.tsx';
import { Input } from './field.tsx';

const useWords = words({ search: 'Search' }, { search: 'Chercher' });

/** Returns the search text from the URL parameter, or undefined if it is empty, and a function that sets it. */
export function useSearched(name = 'search'): [string | undefined, (text: string) => void] {
	const [params, setParams] = useSearchParams();
	const search = (text: string): void =>
		// Back leads to the previous screen, not through the typed texts.
		setParams((before) => withParam(before, name, text), { replace: true });
	return [params.get(name) || undefined, search];
}

/** Returns a copy of URL parameters with one set, or removed if its value is empty. */
export function withParam(params: URLSearchParams, name: string, value: string): URLSearchParams {
	const changed = new URLSearchParams(params);
	if (value) changed.set(name, value);
	else changed.delete(name);
	return changed;
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
		const timer = setTimeout(() => begin(typed), 300);
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
