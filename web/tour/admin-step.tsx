import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { shop } from '../../shop.ts';
import { isAdmin, useAccount } from '../api/account.ts';
import { words } from '../language.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Step } from './step.tsx';

const useWords = words(
	{
		needed: (email: string) =>
			`Only an admin can break and repair. On your laptop you are ${email}: npm start printed the password at its first start, and this gives a new one:`,
		signIn: 'Sign in as an admin',
		other: (name: string) => `${name} is not an admin: sign out first.`,
	},
	{
		needed: (email: string) =>
			`Seul un admin peut casser et réparer. Sur votre machine, c’est ${email} : npm start a affiché le mot de passe au premier démarrage, et ceci en donne un nouveau :`,
		signIn: 'Se connecter comme admin',
		other: (name: string) => `${name} n’est pas admin : déconnectez-vous d’abord.`,
	},
);

interface Props {
	readonly intro: string;
	readonly children: ReactNode;
}

/** A step that only an admin can take. Others learn how to sign in, and can skip it. */
export function AdminStep({ intro, children }: Props) {
	const text = useWords();
	const account = useAccount();
	const [here] = useLocation();
	if (isAdmin(account)) return children;
	return (
		<Step intro={intro} done={false}>
			<p>
				{text.needed(shop.firstAdmin)} <code>npx bodega admin password</code>
			</p>
			{account && <p>{text.other(account.name)}</p>}
			{account === null && !here.startsWith('/sign-') && (
				<p>
					<ButtonLink href={`/sign-in?to=${encodeURIComponent(here)}`}>{text.signIn}</ButtonLink>
				</p>
			)}
		</Step>
	);
}
