import { useMutation } from '@tanstack/react-query';
import { type ComponentProps, useState } from 'react';
import { faultOf } from '../../api/problem.ts';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Input, TextArea } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { Failure } from '../../ui/notice.tsx';
import { Clash, type Filled } from '../merge.ts';

const useWords = words(
	{
		clash: (theirs: string) => `Somebody has changed this to “${theirs}”. Save again to replace it with your value.`,
		blank: 'Please fill in this field.',
		cancel: 'Cancel',
	},
	{
		clash: (theirs: string) =>
			`Entre-temps, quelqu’un a mis « ${theirs} ». Enregistrez à nouveau pour mettre votre valeur.`,
		blank: 'Veuillez remplir ce champ.',
		cancel: 'Annuler',
	},
);

export interface Field<Name extends string> {
	readonly name: Name;
	readonly label: string;
	readonly hint?: string;
	/** Whether the value can have several lines. */
	readonly long?: boolean;
	readonly input?: Pick<ComponentProps<'input'>, 'type' | 'inputMode' | 'min' | 'autoComplete'>;
}

interface Props<Name extends string, Saved> {
	readonly fields: readonly Field<Name>[];
	readonly began: Filled<Name>;
	readonly verb: string;
	/** @throws {Problem} that names an invalid field as `body.price` @throws {Clash} */
	readonly save: (mine: Filled<Name>, base: Filled<Name>) => Promise<Saved>;
	readonly onSaved: (saved: Saved) => void;
	/** Called to close without saving. Without it there is no Cancel button. */
	readonly onClose?: () => void;
}

/** A form that saves its values. It shows each error at its field, and focuses the first field with an error. */
export function Fields<Name extends string, Saved>(props: Props<Name, Saved>) {
	const { fields, began, verb, save, onSaved, onClose } = props;
	const text = useWords();
	const [base, setBase] = useState(began);
	const [mine, setMine] = useState(began);
	const { error, variables, ...saving } = useMutation({
		mutationFn: (filled: Filled<Name>) => save(filled, base),
		onSuccess: (saved) => {
			// Reset the form, so that the same values are not sent twice by mistake.
			setMine(began);
			onSaved(saved);
		},
		// The user sees the other value now, so saving again replaces it intentionally.
		onError: (failure) => failure instanceof Clash && setBase({ ...base, ...failure.theirs }),
	});
	const faultAt = (name: Name) => {
		if (error instanceof Clash) return name in error.theirs && text.clash(error.theirs[name] ?? '');
		const detail = faultOf(error, `body.${name}`);
		return detail && (variables?.[name].trim() ? <span lang="en">{detail}</span> : text.blank);
	};
	return (
		<Form error={error} busy={saving.isPending} onSend={() => saving.mutate(mine)}>
			{fields.map(({ name, label, hint, long, input }) => {
				const Filling = long ? TextArea : Input;
				return (
					<Filling
						key={name}
						{...(input as object)}
						label={label}
						hint={hint}
						fault={faultAt(name)}
						name={name}
						value={mine[name]}
						onChange={({ target }: { target: { value: string } }) => setMine({ ...mine, [name]: target.value })}
					/>
				);
			})}
			{!fields.some(({ name }) => faultAt(name)) && <Failure error={error} />}
			<div className="row">
				<Button type="submit" kind="main" busy={saving.isPending}>
					{verb}
				</Button>
				{onClose && <Button onClick={onClose}>{text.cancel}</Button>}
			</div>
		</Form>
	);
}
