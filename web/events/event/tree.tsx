import { Link } from 'wouter';
import { words } from '../../language.ts';
import { shortType } from '../naming.ts';
import type { Branch } from './consequences.ts';
import { DeliveryStamps } from './delivery-stamps.tsx';

const useWords = words({ none: 'It has caused no other events.' }, { none: 'Aucun autre événement n’en a découlé.' });

export function Tree({ branches }: { readonly branches: readonly Branch[] }) {
	const text = useWords();
	return branches.length === 0 ? <p className="quiet">{text.none}</p> : <Branches branches={branches} />;
}

function Branches({ branches }: { readonly branches: readonly Branch[] }) {
	return (
		<ul className="consequences">
			{branches.map(({ event, followed }) => (
				<li key={event.id}>
					<span className="row">
						<Link href={`/events/${encodeURIComponent(event.id)}`}>{shortType(event.type)}</Link>
						<DeliveryStamps deliveries={event.deliveries} />
					</span>
					{followed.length > 0 && <Branches branches={followed} />}
				</li>
			))}
		</ul>
	);
}
