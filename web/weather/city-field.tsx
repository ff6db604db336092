import { useState } from 'react';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';

const useWords = words(
	{ city: 'City', example: 'Paris', look: 'Show' },
	{ city: 'Ville', example: 'Paris', look: 'Afficher' },
);

interface Props {
	readonly city: string | undefined;
	/** Called with the city, or with `''` to clear it. */
	readonly onLook: (city: string) => void;
}

export function CityField({ city = '', onLook }: Props) {
	const text = useWords();
	/** The text typed since the last submit. */
	const [typed, setTyped] = useState<string>();
	return (
		<search>
			<form
				className="search"
				onSubmit={(event) => {
					event.preventDefault();
					onLook((typed ?? city).trim());
					setTyped(undefined);
				}}
			>
				<Input
					label={text.city}
					type="search"
					placeholder={text.example}
					autoComplete="off"
					maxLength={100}
					value={typed ?? city}
					onChange={({ target }) => setTyped(target.value)}
				/>
				<Button type="submit">{text.look}</Button>
			</form>
		</search>
	);
}
