import type { ComponentProps, ReactNode } from 'react';
import { useLocation, useSearch } from 'wouter';
import { isAdmin, useAccount } from '../api/account.ts';
import { useAnswer } from '../api/query.ts';
import { words } from '../language.ts';
import { ButtonLink } from './button.tsx';
import { Loaded } from './loaded.tsx';
import { Screen } from './screen.tsx';

const useWords = words(
	{
		section: 'Admin',
		stranger: 'This page is for the shop’s admins. Sign in as an admin, and you’ll come back here.',
		signIn: 'Sign in as an admin',
		refused: (name: string) => `This page is for the shop’s admins, and ${name} is not an admin.`,
		change: 'To use it, sign out above, then sign in as an admin.',
	},
	{
		section: 'Administration',
		stranger:
			'Cette page est réservée aux admins de la boutique. Connectez-vous comme admin : vous reviendrez ici ensuite.',
		signIn: 'Se connecter comme admin',
		refused: (name: string) => `Cette page est réservée aux admins de la boutique, et ${name} n’en fait pas partie.`,
		change: 'Pour y accéder, déconnectez-vous en haut, puis connectez-vous comme admin.',
	},
);

/** A screen that shows its children to admins, and tells everybody else how to get access. */
export const AdminScreen = ({ children, ...screen }: ComponentProps<typeof Screen>) => (
	<Screen {...screen} section={useWords().section}>
		<AdminOnly>{children}</AdminOnly>
	</Screen>
);

/** Shows its children to admins, and tells everybody else how to get access. */
export function AdminOnly({ children }: { readonly children: ReactNode }) {
	const text = useWords();
	const account = useAccount();
	// `useAccount` sends this request; here only its error is read.
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
				<ButtonLink kind="main" href={`/sign-in?to=${encodeURIComponent(here)}`}>
					{text.signIn}
				</ButtonLink>
			</p>
		</div>
	);
}
