import { Link } from 'wouter';
import { shortType } from '../events/naming.ts';
import { words } from '../language.ts';
import type { Lights } from './lights.ts';

const useWords = words(
	{
		title: 'Just now',
		none: 'Nothing has happened since you arrived. Use the shop and watch.',
		shop: 'To the shop',
		subject: (subject: string) => `of ${subject}`,
		hidden: '(private)',
		published: (name: string) => `published by ${name}`,
		handled: (name: string) => `handled by ${name}`,
		failed: (name: string) => `failed at ${name}`,
		'given-up': (name: string) => `delivery to ${name} failed: dead letter`,
	},
	{
		title: 'À l’instant',
		none: 'Rien ne s’est passé depuis votre arrivée. Utilisez la boutique et regardez.',
		shop: 'Vers la boutique',
		subject: (subject: string) => `de ${subject}`,
		hidden: '(confidentiel)',
		published: (name: string) => `publié par ${name}`,
		handled: (name: string) => `traité par ${name}`,
		failed: (name: string) => `en échec chez ${name}`,
		'given-up': (name: string) => `livraison à ${name} échouée : lettre morte`,
	},
);

const kinds = { published: 'quiet', handled: 'good', failed: 'bad', 'given-up': 'bad' } as const;

export function JustNow({ happenings }: Pick<Lights, 'happenings'>) {
	const text = useWords();
	return (
		<section className="map-now card stack" aria-labelledby="just-now">
			<h2 id="just-now">{text.title}</h2>
			{happenings.length ? (
				<ol className="map-happenings small">
					{happenings.map(({ key, what, id, type, subject, function: name, error }) => (
						<li key={key} data-what={what}>
							<span>
								<Link href={`/events/${id}`}>{shortType(type)}</Link>{' '}
								{subject === undefined ? text.hidden : text.subject(subject)}
							</span>
							<span className="stamp" data-kind={kinds[what]}>
								{text[what](name)}
							</span>
							{error && (
								<span className="map-error" lang="en">
									{error}
								</span>
							)}
						</li>
					))}
				</ol>
			) : (
				<p className="quiet">
					{text.none} <Link href="/">{text.shop}</Link>
				</p>
			)}
		</section>
	);
}
