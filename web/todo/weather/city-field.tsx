import { useState } from 'react';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Input } from '../../ui/field.tsx';

const useWords = words(
	{ city: 'City', example: 'Paris', look: 'Look' },
	{ city: 'Ville', example: 'Paris', look: 'Regarder' },
);

interface Props {
	/** The city that is looked at. */
	readonly city: string | undefined;
	/** Told another one, or `''` for none. */
	readonly onLook: (city: string) => void;
}

/** Where one says which city it is about. */
export function CityField({ city = '', onLook }: Props) {
	const text = useWords();
	/** What is being typed and not looked at yet. */
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
