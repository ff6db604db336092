import { type FormEvent, type Ref, useState } from 'react';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Input } from '../../ui/field.tsx';

const useWords = words(
	{ what: 'What is to be done?', example: 'Dust the shelves', add: 'Add', missing: 'Write down what is to be done.' },
	{
		what: 'Que faut-il faire ?',
		example: 'Dépoussiérer les étagères',
		add: 'Ajouter',
		missing: 'Écrivez ce qu’il faut faire.',
	},
);

interface Props {
	readonly input: Ref<HTMLInputElement>;
	/** Answers whether it went well. */
	readonly onAdd: (title: string) => Promise<boolean>;
}

/** The line that the next thing to do is written on. */
export function AddTodo({ input, onAdd }: Props) {
	const text = useWords();
	const [title, setTitle] = useState('');
	const [missing, setMissing] = useState(false);
	const add = async (event: FormEvent): Promise<void> => {
		event.preventDefault();
		const written = title.trim();
		setMissing(!written);
		if (!written) return;
		setTitle('');
		// What could not be added need not be written again, unless something else has been begun.
		if (!(await onAdd(written))) setTitle((begun) => begun || written);
	};
	return (
		<form className="search todo-add" onSubmit={add}>
			<Input
				ref={input}
				label={text.what}
				placeholder={text.example}
				maxLength={200}
				autoComplete="off"
				value={title}
				fault={missing && !title.trim() && text.missing}
				onChange={({ target }) => setTitle(target.value)}
			/>
			<Button type="submit" kind="main">
				{text.add}
			</Button>
		</form>
	);
}
