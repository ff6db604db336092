import { type UseQueryResult, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { CodeOperation, FunctionCode } from '../../../functions/info/api.ts';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Input, Select, TextArea } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Failure } from '../../ui/notice.tsx';
import { attempt, exampleOf, examplesOf, keyOf } from './attempt.ts';
import { Response } from './response.tsx';

const useWords = words(
	{
		title: 'Try an operation',
		lead: 'The request is real: it is sent to this shop, with your own session if you are signed in.',
		operation: 'Operation',
		body: 'Body (JSON)',
		path: 'path',
		query: 'query',
		header: 'header',
		example: (example: string) => `For example ${example}`,
		send: 'Send',
		public: 'Open to anyone.',
		optional: 'Open to anyone; the response can differ for a signed-in user.',
		user: 'Requires a signed-in user.',
		admin: 'Requires an admin.',
		empty: 'The response appears here.',
	},
	{
		title: 'Essayer une opération',
		lead: 'La requête est réelle : elle part vers cette boutique, avec votre session si vous êtes connecté.',
		operation: 'Opération',
		body: 'Corps (JSON)',
		path: 'chemin',
		query: 'paramètre',
		header: 'en-tête',
		example: (example: string) => `Par exemple ${example}`,
		send: 'Envoyer',
		public: 'Ouverte à tous.',
		optional: 'Ouverte à tous ; la réponse peut différer pour un utilisateur connecté.',
		user: 'Réservée aux utilisateurs connectés.',
		admin: 'Réservée aux admins.',
		empty: 'La réponse s’affichera ici.',
	},
);

export function Invoke({ query }: { readonly query: UseQueryResult<FunctionCode> }) {
	const text = useWords();
	const [chosen, setChosen] = useState<string>();
	return (
		<section className="stack" aria-labelledby="invoke">
			<h2 id="invoke">{text.title}</h2>
			<p className="lead">{text.lead}</p>
			<Loaded query={query}>
				{({ operations }) => {
					const operation = operations.find(({ name }) => name === chosen) ?? operations[0];
					if (!operation) return null;
					return (
						<div className="card stack">
							<Select
								label={text.operation}
								hint={text[operation.access]}
								value={operation.name}
								onChange={({ target }) => setChosen(target.value)}
							>
								{operations.map(({ name, method, path, summary }) => (
									<option key={name} value={name}>{`${method} ${path}: ${summary}`}</option>
								))}
							</Select>
							<Trial key={operation.name} operation={operation} />
						</div>
					);
				}}
			</Loaded>
		</section>
	);
}

/** A form that sends a request, and the response. */
export function Trial({ operation }: { readonly operation: Omit<CodeOperation, 'access'> }) {
	const text = useWords();
	const [typed, setTyped] = useState(() => examplesOf(operation));
	const trying = useMutation({ mutationFn: () => attempt(operation, typed) });
	return (
		<div className="trial">
			<Form error={trying.error} busy={trying.isPending} onSend={() => trying.mutate()}>
				{operation.parameters.map((parameter) => {
					const key = keyOf(parameter);
					const example = exampleOf(parameter);
					return (
						<Input
							key={key}
							label={`${parameter.name} (${text[parameter.in]})`}
							hint={parameter.description ?? (example ? text.example(example) : undefined)}
							value={typed.parameters[key] ?? ''}
							required={parameter.required}
							autoComplete="off"
							spellCheck={false}
							onChange={({ target }) =>
								setTyped({ ...typed, parameters: { ...typed.parameters, [key]: target.value } })
							}
						/>
					);
				})}
				{operation.body !== null && (
					<TextArea
						label={text.body}
						rows={8}
						value={typed.body}
						spellCheck={false}
						onChange={({ target }) => setTyped({ ...typed, body: target.value })}
					/>
				)}
				<Button type="submit" kind="main" busy={trying.isPending}>
					{`${text.send} ${operation.method}`}
				</Button>
				<Failure error={trying.error} />
			</Form>
			{trying.data ? <Response answer={trying.data} /> : <p className="quiet">{text.empty}</p>}
		</div>
	);
}
