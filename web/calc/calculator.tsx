import { useMutation } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { faultOf } from '../api/problem.ts';
import { useLanguage, words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { Failure } from '../ui/notice.tsx';
import { CalculatorRoll, type Sum } from './calculator-roll.tsx';
import { calculate, numeralOf, type Operation, operationOf, operations, signs, written } from './operation.ts';

const useWords = words(
	{
		title: 'Calculator',
		first: 'First number',
		second: 'Second number',
		operation: 'Operation',
		add: 'plus',
		subtract: 'minus',
		multiply: 'times',
		divide: 'divided by',
		equals: 'Calculate',
		result: 'Result',
		keys: 'Press + - * / to go to the second number, Enter for the result.',
		missing: 'Enter a number.',
		zero: 'You can’t divide by zero.',
	},
	{
		title: 'Calculatrice',
		first: 'Premier nombre',
		second: 'Second nombre',
		operation: 'Opération',
		add: 'plus',
		subtract: 'moins',
		multiply: 'fois',
		divide: 'divisé par',
		equals: 'Calculer',
		result: 'Résultat',
		keys: 'Les touches + - * / mènent au second nombre, Entrée au résultat.',
		missing: 'Saisissez un nombre.',
		zero: 'On ne peut pas diviser par zéro.',
	},
);

/** A calculator for two numbers. The calc function computes the exact result. */
export default function Calculator() {
	const text = useWords();
	const language = useLanguage();
	const form = useRef<HTMLFormElement>(null);
	const [a, setA] = useState('');
	const [b, setB] = useState('');
	const [operation, setOperation] = useState<Operation>('add');
	const [sums, setSums] = useState<readonly Sum[]>([]);
	const {
		error,
		variables: asked,
		...sum
	} = useMutation({
		mutationFn: (of: Omit<Sum, 'result'>) => calculate(of.operation, of.a, of.b),
		onSuccess: (result, of) => setSums((before) => [{ ...of, result }, ...before].slice(0, 8)),
	});
	useEffect(() => {
		if (error) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
	}, [error]);
	const faultAt = (name: 'a' | 'b') => {
		const detail = faultOf(error, `query.${name}`);
		if (!detail || !asked) return undefined;
		if (!asked[name]) return text.missing;
		if (asked.operation === 'divide' && Number(asked[name]) === 0) return text.zero;
		return <span lang="en">{detail}</span>;
	};

	const begin = (of: Operation, first = a): void => {
		setA(first);
		setOperation(of);
		form.current?.querySelector<HTMLInputElement>('[name="b"]')?.focus();
	};
	/** Handles an operation key pressed at the end of a number. */
	const onKey = (event: KeyboardEvent<HTMLInputElement>, ahead: (of: Operation) => void): void => {
		const { key, currentTarget, ctrlKey, metaKey, altKey } = event;
		const of = operationOf(key, currentTarget.value);
		const isAtEnd = currentTarget.selectionEnd === currentTarget.value.length;
		if (!of || !isAtEnd || ctrlKey || metaKey || altKey) return;
		event.preventDefault();
		ahead(of);
	};
	const goOn = (result: string, of: Operation): void => {
		begin(of, written(result, language));
		setB('');
	};
	const given = { a: numeralOf(a, language), operation, b: numeralOf(b, language) };
	const last = sums[0];
	const isRungUp = last && last.a === given.a && last.b === given.b && last.operation === operation;

	return (
		<section className="card stack calculator" aria-labelledby="calculator">
			<h2 id="calculator">{text.title}</h2>
			<output className="calculator-display" aria-label={text.result}>
				{written(last?.result ?? '0', language)}
			</output>
			<form
				ref={form}
				className="stack"
				noValidate
				onSubmit={(event) => {
					event.preventDefault();
					if (!sum.isPending) sum.mutate(given);
				}}
			>
				<Input
					label={text.first}
					name="a"
					className="calculator-number"
					inputMode="decimal"
					autoComplete="off"
					hint={text.keys}
					value={a}
					fault={faultAt('a')}
					onChange={({ target }) => setA(target.value)}
					onKeyDown={(event) => onKey(event, begin)}
				/>
				<fieldset className="calculator-keys">
					<legend className="unseen">{text.operation}</legend>
					{operations.map((each) => (
						<label key={each} className="calculator-key" title={text[each]}>
							<input
								type="radio"
								name="operation"
								checked={operation === each}
								onChange={() => setOperation(each)}
								aria-label={text[each]}
							/>
							<span aria-hidden="true">{signs[each]}</span>
						</label>
					))}
				</fieldset>
				<Input
					label={text.second}
					name="b"
					className="calculator-number"
					inputMode="decimal"
					autoComplete="off"
					value={b}
					fault={faultAt('b')}
					onChange={({ target }) => setB(target.value)}
					// After a calculation, an operation key continues with the result.
					onKeyDown={(event) => isRungUp && onKey(event, (of) => goOn(last.result, of))}
				/>
				<Button type="submit" kind="main" busy={sum.isPending}>
					<span aria-hidden="true">=</span> {text.equals}
				</Button>
			</form>
			{!faultAt('a') && !faultAt('b') && <Failure error={error} />}
			<CalculatorRoll sums={sums} onAgain={(result) => goOn(result, operation)} />
		</section>
	);
}
