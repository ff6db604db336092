import type { LoggedEvent } from '../../../functions/event-log/api.ts';
import { words } from '../../language.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { Copy } from './copy.tsx';

const useWords = words(
	{
		title: 'Data',
		label: 'Data as JSON',
		json: 'Copy as JSON',
		curl: 'Copy the curl command',
		hidden: 'Event data can contain customers’ details, so only admins can see it.',
		signIn: 'Sign in as an admin',
	},
	{
		title: 'Données',
		label: 'Données en JSON',
		json: 'Copier en JSON',
		curl: 'Copier la commande curl',
		hidden: 'Ces données peuvent contenir des informations sur des clients : seuls les admins peuvent les voir.',
		signIn: 'Se connecter comme admin',
	},
);

/** The data of an event. Only admins see it; others see why it is hidden. */
export function Payload({ event }: { readonly event: LoggedEvent }) {
	const text = useWords();
	const path = `/events/${encodeURIComponent(event.id)}`;
	return (
		<section className="stack" aria-labelledby="data">
			<h2 id="data">{text.title}</h2>
			{event.data === undefined ? (
				<div className="card stack">
					<p>{text.hidden}</p>
					<p>
						<ButtonLink href={`/sign-in?to=${encodeURIComponent(path)}`}>{text.signIn}</ButtonLink>
					</p>
				</div>
			) : (
				// biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be keyboard-focusable
				<section className="scroll event-data" aria-label={text.label} tabIndex={0}>
					<pre>{JSON.stringify(event.data, undefined, 2)}</pre>
				</section>
			)}
			<div className="row">
				<Copy label={text.json} text={JSON.stringify(event, undefined, 2)} />
				<Copy label={text.curl} text={`curl ${location.origin}/api${path}`} />
			</div>
		</section>
	);
}
