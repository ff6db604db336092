import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { ask } from '../../api/ask.ts';
import type { Listed } from '../../api/endpoints.ts';
import { faultOf, Problem } from '../../api/problem.ts';
import { useAnswer } from '../../api/query.ts';
import { words } from '../../language.ts';
import { AdminOnly } from '../../ui/admin-only.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Input, Select, TextArea } from '../../ui/field.tsx';
import { Form } from '../../ui/form.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Failure } from '../../ui/notice.tsx';
import { withParam } from '../../ui/search.tsx';
import { shortType } from '../naming.ts';
import { type Filled, readData } from './filled.ts';

const useWords = words(
	{
		title: 'Publish an event',
		type: 'Type',
		subject: 'Subject',
		about: 'What the event is about, such as the number of an order.',
		missing: 'Please say what the event is about.',
		data: 'Data as JSON',
		reacts: (fns: string) => `Handled by ${fns}, as if a function had published it. Its effects are real.`,
		nobody: 'No function reacts to it. It only appears in the log.',
		verb: 'Publish',
		broken: (why: string) => `This is not JSON: ${why}`,
	},
	{
		title: 'Publier un événement',
		type: 'Type',
		subject: 'Sujet',
		about: 'Ce dont parle l’événement, par exemple le numéro d’une commande.',
		missing: 'Indiquez de quoi parle l’événement.',
		data: 'Données en JSON',
		reacts: (fns: string) => `Traité par ${fns}, comme si une fonction l’avait publié. Ses effets sont réels.`,
		nobody: 'Aucune fonction n’y réagit. Il apparaît seulement dans le journal.',
		verb: 'Publier',
		broken: (why: string) => `Ce n’est pas du JSON : ${why}`,
	},
);

type ListedType = Listed<'GET /api/event-types'>;

/** A dialog to publish an event by hand. The type is in the URL, as `?publish=order.placed`. */
export default function Publish({ onClose }: { readonly onClose: () => void }) {
	const text = useWords();
	const types = useAnswer('GET /api/event-types');
	return (
		<Dialog title={text.title} onClose={onClose}>
			<AdminOnly>
				<Loaded query={types}>{(all) => <Fields types={all} />}</Loaded>
			</AdminOnly>
		</Dialog>
	);
}

function Fields({ types }: { readonly types: readonly ListedType[] }) {
	const text = useWords();
	const [params, setParams] = useSearchParams();
	const [, go] = useLocation();
	const wanted = params.get('publish') ?? '';
	const chosen = types.find(({ type }) => type === wanted || shortType(type) === wanted) ?? types[0];
	const type = chosen?.type ?? '';
	/** What was typed, by type: each begins with its example. */
	const [typed, setTyped] = useState<Readonly<Record<string, Filled>>>({});
	const filled = typed[type] ?? { subject: '', data: JSON.stringify(chosen?.example, undefined, 2) };
	const fill = (change: Partial<Filled>): void => setTyped({ ...typed, [type]: { ...filled, ...change } });
	const { data: functions = [] } = useAnswer('GET /api/map');
	const takers = functions.filter(({ reacts }) => reacts.some((each) => each.type === type)).map(({ name }) => name);
	const { error, ...publishing } = useMutation({
		mutationFn: () =>
			ask('POST /api/events', { body: { type, subject: filled.subject, data: readData(filled.data, text.broken) } }),
		onSuccess: ({ id }) => go(`/events/${encodeURIComponent(id)}`),
	});
	const inData = error instanceof Problem ? error.errors.filter(({ field }) => /^body\.data\b/.test(field)) : [];
	const faults = {
		type: faultOf(error, 'body.type'),
		subject: faultOf(error, 'body.subject') && text.missing,
		data: inData.map(({ field, detail }) => `${field.replace(/^body\.data\.?/, '')} ${detail}`.trim()).join('\n'),
	};
	return (
		<Form error={error} busy={publishing.isPending} onSend={() => publishing.mutate()}>
			<Select
				label={text.type}
				fault={faults.type}
				value={type}
				onChange={({ target }) => setParams((before) => withParam(before, 'publish', target.value), { replace: true })}
			>
				{types.map((each) => (
					<option key={each.type} value={each.type}>
						{shortType(each.type)}
					</option>
				))}
			</Select>
			<p className="quiet" lang="en">
				{chosen?.summary}
			</p>
			<Input
				label={text.subject}
				hint={text.about}
				fault={faults.subject}
				autoComplete="off"
				value={filled.subject}
				onChange={({ target }) => fill({ subject: target.value })}
			/>
			<TextArea
				label={text.data}
				className="publish-data"
				fault={faults.data}
				spellCheck={false}
				autoComplete="off"
				value={filled.data}
				onChange={({ target }) => fill({ data: target.value })}
			/>
			<p className="quiet">{takers.length > 0 ? text.reacts(takers.join(', ')) : text.nobody}</p>
			{!Object.values(faults).some(Boolean) && <Failure error={error} />}
			<Button type="submit" kind="main" busy={publishing.isPending}>
				{text.verb}
			</Button>
		</Form>
	);
}
