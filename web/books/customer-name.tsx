import type { RefObject } from 'react';
import { words } from '../language.ts';
import { Input } from '../ui/field.tsx';
import { type Customer, nameStranger } from './customer.ts';

const useWords = words(
	{
		waiting: 'Checking your account…',
		orderingAs: 'Ordering as',
		name: 'Your name',
		whom: 'Who is it for?',
		missing: 'Please enter your name, then order again.',
	},
	{
		waiting: 'Vérification de votre compte…',
		orderingAs: 'Vous commandez en tant que',
		name: 'Votre nom',
		whom: 'Pour qui ?',
		missing: 'Indiquez votre nom, puis commandez à nouveau.',
	},
);

interface Props {
	readonly customer: Customer | undefined;
	readonly input: RefObject<HTMLInputElement | null>;
	/** Whether an order failed because there was no name. */
	readonly missing: boolean;
	readonly onDone: () => void;
}

export function CustomerName({ customer, input, missing, onDone }: Props) {
	const text = useWords();
	if (!customer) return <p className="quiet">{text.waiting}</p>;
	if (customer.known)
		return (
			<p className="customer">
				<span className="quiet">{text.orderingAs}</span> <strong>{customer.name}</strong>
			</p>
		);
	return (
		<form
			className="customer"
			onSubmit={(event) => {
				event.preventDefault();
				onDone();
			}}
		>
			<Input
				ref={input}
				label={text.name}
				placeholder={text.whom}
				autoComplete="name"
				maxLength={200}
				value={customer.name}
				fault={missing && !customer.name.trim() && text.missing}
				onChange={({ target }) => nameStranger(target.value)}
			/>
		</form>
	);
}
