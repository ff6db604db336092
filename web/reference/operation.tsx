import { useState } from 'react';
import { Trial } from '../functions/window/invoke.tsx';
import { words } from '../language.ts';
import { Table } from '../ui/table.tsx';
import { type Document, type Listed, resolved, type Schema, triedOf, typeOf } from './document.ts';

const useWords = words(
	{
		parameters: 'Parameters',
		request: 'Request body',
		response: (status: string) => `Response ${status}`,
		name: 'Name',
		type: 'Type',
		meaning: 'Meaning',
		required: 'required',
		problems: 'Problems',
	},
	{
		parameters: 'Paramètres',
		request: 'Corps de la requête',
		response: (status: string) => `Réponse ${status}`,
		name: 'Nom',
		type: 'Type',
		meaning: 'Signification',
		required: 'obligatoire',
		problems: 'Problèmes',
	},
);

interface Props {
	readonly listed: Listed;
	readonly document: Document;
	readonly chosen: boolean;
}

/** An operation, which can be opened to see its details and to try it. */
export function OperationItem({ listed, document, chosen }: Props) {
	const [open, setOpen] = useState(chosen);
	const { method, path, operation } = listed;
	return (
		<details
			className="operation card"
			id={operation.operationId}
			open={open}
			onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
		>
			<summary>
				<code className="operation-method">{method}</code> <code className="operation-path">{path}</code>{' '}
				<span className="quiet" lang="en">
					{operation.summary}
				</span>
			</summary>
			{open && <Details listed={listed} document={document} />}
		</details>
	);
}

function Details({ listed, document }: Omit<Props, 'chosen'>) {
	const text = useWords();
	const { operation } = listed;
	const body = operation.requestBody?.content['application/json']?.schema;
	const responses = Object.entries(operation.responses);
	const problems = responses.flatMap(([status, { $ref }]) => ($ref === undefined ? [] : [status]));
	return (
		<div className="stack operation-details">
			<p lang="en">{operation.description}</p>
			{operation.parameters && (
				<Table
					label={text.parameters}
					heads={[text.name, text.type, text.meaning]}
					rows={operation.parameters.map(({ name, in: place, required, description, schema }) => ({
						key: `${place} ${name}`,
						cells: [name, `${typeOf(schema)}${required ? `, ${text.required}` : ''}`, description ?? ''],
					}))}
				/>
			)}
			{body && <Fields label={text.request} schema={body} document={document} />}
			{responses.map(([status, { content }]) => {
				const schema = content?.['application/json']?.schema;
				return schema && <Fields key={status} label={text.response(status)} schema={schema} document={document} />;
			})}
			{problems.length > 0 && (
				<p className="small quiet">
					{text.problems}: {problems.join(', ')}
				</p>
			)}
			<Trial operation={triedOf(listed)} />
		</div>
	);
}

/** The fields of a body, or of the items of a list. */
function Fields({
	label,
	schema,
	document,
}: Record<'label', string> & Record<'schema', Schema> & Pick<Props, 'document'>) {
	const text = useWords();
	const { properties, required = [] } = resolved(resolved(schema, document).items ?? schema, document);
	return (
		<div className="stack">
			<h4>
				{label}: <code>{typeOf(schema)}</code>
			</h4>
			{properties && (
				<Table
					label={label}
					heads={[text.name, text.type, text.meaning]}
					rows={Object.entries(properties).map(([name, field]) => ({
						key: name,
						cells: [
							name,
							`${typeOf(field)}${required.includes(name) ? `, ${text.required}` : ''}`,
							field.description ?? '',
						],
					}))}
				/>
			)}
		</div>
	);
}
