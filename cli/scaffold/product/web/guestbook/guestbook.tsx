import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../api/ask.ts';
import { faultOf } from '../api/problem.ts';
import { refresh, useList } from '../api/query.ts';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { More } from '../ui/more.tsx';
import { Failure } from '../ui/notice.tsx';
import { Screen } from '../ui/screen.tsx';

const useWords = words(
	{
		title: 'Guestbook',
		lead: 'Write a line. A function thanks you for it.',
		name: 'Your name',
		message: 'Your line',
		sign: 'Sign',
		missing: 'Please fill in this field.',
		empty: 'No entries yet. Write the first one.',
	},
	{
		title: 'Livre d’or',
		lead: 'Écrivez une ligne. Une fonction vous remercie.',
		name: 'Votre nom',
		message: 'Votre ligne',
		sign: 'Signer',
		missing: 'Remplissez ce champ.',
		empty: 'Aucune ligne pour l’instant. Écrivez la première.',
	},
);

const blank = { name: '', message: '' };
const fields = ['name', 'message'] as const;

export default function Guestbook() {
	const text = useWords();
	const entries = useList('GET /api/guestbook');
	const [entry, setEntry] = useState(blank);
	const signing = useMutation({
		mutationFn: () => ask('POST /api/guestbook', { body: entry }),
		onSuccess: () => {
			setEntry({ ...blank, name: entry.name });
			refresh('GET /api/guestbook');
		},
	});
	const isAtField = fields.some((field) => faultOf(signing.error, `body.${field}`));
	return (
		<Screen title={text.title} lead={text.lead}>
			<section className="card stack" aria-label={text.sign}>
				<Form error={signing.error} busy={signing.isPending} onSend={() => signing.mutate()}>
					{fields.map((field) => (
						<Input
							key={field}
							label={text[field]}
							maxLength={field === 'name' ? 100 : 500}
							value={entry[field]}
							fault={faultOf(signing.error, `body.${field}`) && text.missing}
							onChange={({ target }) => setEntry({ ...entry, [field]: target.value })}
						/>
					))}
					{!isAtField && <Failure error={signing.error} />}
					<div>
						<Button kind="main" type="submit" busy={signing.isPending}>
							{text.sign}
						</Button>
					</div>
				</Form>
			</section>
			<Loaded query={entries} empty={<p className="empty">{text.empty}</p>}>
				{(all) => (
					<ul className="guestbook stack">
						{all.map(({ id, name, message, thanks }) => (
							<li key={id} className="card">
								<p>
									<strong>{name}</strong>: {message}
								</p>
								<p className="small" role="status" lang="en">
									{thanks ?? '…'}
								</p>
							</li>
						))}
					</ul>
				)}
			</Loaded>
			<div>
				<More list={entries} />
			</div>
		</Screen>
	);
}
