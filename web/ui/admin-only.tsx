import type { ReactNode } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { isAdmin, useAccount } from '../api/account.ts';
import { useAnswer } from '../api/query.ts';
import { words } from '../language.ts';
import { Loaded } from './loaded.tsx';

const useWords = words(
	{
		stranger: 'This is for the shop’s admins. Sign in as one to go on; you come back here.',
		signIn: 'Sign in as an admin',
		refused: (name: string) => `This is for the shop’s admins, and the account ${name} is not one.`,
		change: 'An admin’s account gets in: sign out above, then sign in with one.',
	},
	{
		stranger: 'Cette page est réservée aux admins de la boutique. Connectez-vous comme tel ; vous reviendrez ici.',
		signIn: 'Se connecter comme admin',
		refused: (name: string) =>
			`Cette page est réservée aux admins de la boutique, et le compte ${name} n’en est pas un.`,
		change: 'Un compte d’admin y donne accès : déconnectez-vous en haut, puis connectez-vous avec celui-ci.',
	},
);

/** Shows its children to an admin; whoever else comes is told what there is to be done. */
export function AdminOnly({ children }: { readonly children: ReactNode }) {
	const text = useWords();
	const account = useAccount();
	// Asked by `useAccount`; why it is not known yet is told here.
	const { error } = useAnswer('GET /api/users/me', undefined, { enabled: false });
	const [path] = useLocation();
	const search = useSearch();
	if (account === undefined) return <Loaded query={{ data: account, error }}>{() => null}</Loaded>;
	if (isAdmin(account)) return children;
	if (account)
		return (
			<div className="card stack">
				<p>{text.refused(account.name)}</p>
				<p className="quiet">{text.change}</p>
			</div>
		);
	const here = search ? `${path}?${search}` : path;
	return (
		<div className="card stack">
			<p>{text.stranger}</p>
			<p>
				<Link className="button" data-kind="main" href={`/sign-in?to=${encodeURIComponent(here)}`}>
					{text.signIn}
				</Link>
			</p>
		</div>
	);
}
