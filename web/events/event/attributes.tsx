import { Link } from 'wouter';
import type { LoggedEvent } from '../../../functions/event-log/api.ts';
import { words } from '../../language.ts';

const useWords = words(
	{
		title: 'CloudEvent',
		label: 'Attributes',
		cause: 'caused by',
		relays: 'relayed',
		request: 'a request',
		by: 'published by',
		account: (id: string) => `by hand, by the account ${id}`,
		hidden: 'private',
	},
	{
		title: 'CloudEvent',
		label: 'Attributs',
		cause: 'découle de',
		relays: 'republié',
		request: 'une requête',
		by: 'publié par',
		account: (id: string) => `un admin, à la main : compte ${id}`,
		hidden: 'confidentiel',
	},
);

export function Attributes({ event }: { readonly event: LoggedEvent }) {
	const text = useWords();
	const { id, source, type, subject, time, dataschema, traceparent, cause, relays, published_by } = event;
	const attributes = {
		specversion: '1.0',
		id,
		source,
		type,
		subject: subject ?? text.hidden,
		time,
		datacontenttype: 'application/json',
		dataschema,
		traceparent,
	};
	return (
		<section className="stack" aria-labelledby="attributes">
			<h2 id="attributes">{text.title}</h2>
			<div className="scroll">
				<table className="table event-attributes">
					<caption className="unseen">{text.label}</caption>
					<tbody>
						{Object.entries(attributes).map(([name, value]) => (
							<tr key={name}>
								<th scope="row">{name}</th>
								<td>
									<code>{value}</code>
								</td>
							</tr>
						))}
						<tr>
							<th scope="row">{text.cause}</th>
							<td>
								{cause === null ? (
									text.request
								) : (
									<Link href={`/events/${encodeURIComponent(cause)}`}>
										<code>{cause}</code>
									</Link>
								)}
							</td>
						</tr>
						{published_by && (
							<tr>
								<th scope="row">{text.by}</th>
								<td>{text.account(published_by)}</td>
							</tr>
						)}
						<tr>
							<th scope="row">{text.relays}</th>
							<td>{relays}×</td>
						</tr>
					</tbody>
				</table>
			</div>
		</section>
	);
}
