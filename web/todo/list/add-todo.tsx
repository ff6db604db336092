import { type FormEvent, type Ref, useState } from 'react';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Input } from '../../ui/field.tsx';

const useWords = words(
	{ what: 'What needs doing?', example: 'Dust the shelves', add: 'Add', missing: 'Write down what needs doing.' },
	{
		what: 'Que faut-il faire ?',
		example: 'Dépoussiérer les étagères',
		add: 'Ajouter',
		missing: 'Écrivez ce qu’il faut faire.',
	},
);

interface Props {
	readonly input: Ref<HTMLInputElement>;
	/** Resolves to whether the todo was saved. */
	readonly onAdd: (title: string) => Promise<boolean>;
}

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
		// Restore a title that could not be saved, unless the user has started another.
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
