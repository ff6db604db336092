import { Link, useSearchParams } from 'wouter';
import { isAdmin, useAccount } from '../api/account.ts';
import { askFile } from '../api/ask.ts';
import { signedIn } from '../api/session.ts';
import { useStore } from '../api/store.ts';
import { words } from '../language.ts';
import { Download } from '../ui/download/download.tsx';
import { Screen } from '../ui/screen.tsx';
import { OrderList } from './order-list.tsx';

const useWords = words(
	{
		title: 'Orders',
		mine: 'My orders',
		leads: {
			mine: 'The orders you placed while signed in, newest first. Only you and the shop’s admins see them.',
			public: 'Orders placed without an account, newest first. Sign in to see your own.',
			seen: 'Orders placed without an account, and your own, newest first.',
			all: 'All orders, newest first.',
		},
		pending: 'Pending orders update by themselves.',
		toAll: 'All orders',
	},
	{
		title: 'Commandes',
		mine: 'Mes commandes',
		leads: {
			mine: 'Les commandes que vous avez passées en étant connecté, les plus récentes d’abord. Seuls vous et les admins de la boutique les voyez.',
			public: 'Les commandes passées sans compte, les plus récentes d’abord. Connectez-vous pour voir les vôtres.',
			seen: 'Les commandes passées sans compte et les vôtres, les plus récentes d’abord.',
			all: 'Toutes les commandes, les plus récentes d’abord.',
		},
		pending: 'Celles en attente se mettent à jour toutes seules.',
		toAll: 'Toutes les commandes',
	},
);

/** A signed-in customer's own orders, with a link to all that they can see. Others see the public list. */
export default function Orders() {
	const text = useWords();
	const admin = isAdmin(useAccount());
	const isSignedIn = useStore(signedIn) !== 'no';
	const [params] = useSearchParams();
	const mine = isSignedIn && params.get('of') !== 'all';
	const lead = mine ? 'mine' : admin ? 'all' : isSignedIn ? 'seen' : 'public';
	return (
		<Screen
			title={mine ? text.mine : text.title}
			lead={`${text.leads[lead]} ${text.pending}`}
			aside={
				<div className="row">
					{isSignedIn && <Link href={mine ? '/orders?of=all' : '/orders'}>{mine ? text.toAll : text.mine}</Link>}
					<Download name="orders" file={() => askFile(mine ? 'GET /api/orders/mine' : 'GET /api/orders', 'text/csv')} />
				</div>
			}
		>
			<OrderList key={String(mine)} mine={mine} />
		</Screen>
	);
}
