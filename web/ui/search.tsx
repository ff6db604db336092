import { useEffect, useState } from 'react';
import { useSearchParams } from 'wouter';
import { words } from '../language.ts';
import { Button } from './button.tsx';
import { Input } from './field.tsx';

const useWords = words({ search: 'Search' }, { search: 'Chercher' });

/** Milliseconds after the last key until it is searched. */
const pause = 300;

/** What is searched for, as the address has it in `?search=`, or under another name; undefined when that is nothing. */
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
			// Back leads to the screen before, not through what was typed.
			{ replace: true },
		);
	return [params.get(name) || undefined, search];
}

interface Props {
	/** What is searched in: "Title or author". */
	readonly label: string;
	/** How the address calls it. */
	readonly name?: string;
}

/** A search that begins by itself a moment after the last key, and is kept in the address. */
export function Search({ label, name }: Props) {
	const text = useWords();
	const [searched, search] = useSearched(name);
	/** What is being typed and not searched yet. */
	const [typed, setTyped] = useState<string>();
	const begin = (what: string): void => {
		search(what);
		setTyped(undefined);
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: it waits after a key, whatever else is drawn again
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
