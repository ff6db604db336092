import { useMutation } from '@tanstack/react-query';
import { useEffect, useId, useRef } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { isAdmin, useAccount } from '../api/account.ts';
import { signOut } from '../api/session.ts';
import { words } from '../language.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Links, linksOf } from './links.tsx';

const useWords = words(
	{ signIn: 'Sign in', signOut: 'Sign out', account: 'Your account', admin: 'Admin' },
	{ signIn: 'Se connecter', signOut: 'Se déconnecter', account: 'Votre compte', admin: 'Administration' },
);

/** The account's menu, or a link to sign in. */
export function Account() {
	const text = useWords();
	const account = useAccount();
	const [path] = useLocation();
	const search = useSearch();
	if (account === undefined) return <span className="whose" aria-busy="true" />;
	if (account === null)
		return (
			<ButtonLink href={`/sign-in?to=${encodeURIComponent(search ? `${path}?${search}` : path)}`}>
				{text.signIn}
			</ButtonLink>
		);
	return <Menu name={account.name} admin={isAdmin(account)} />;
}

/** A popover, because the browser then closes it with Escape or a click elsewhere, and returns the focus. */
function Menu({ name, admin }: { readonly name: string; readonly admin: boolean }) {
	const text = useWords();
	const [path, navigate] = useLocation();
	const leaving = useMutation({ mutationFn: signOut, onSuccess: () => navigate('/') });
	const menu = useRef<HTMLDivElement>(null);
	const id = useId();
	// biome-ignore lint/correctness/useExhaustiveDependencies: a change of path closes the menu
	useEffect(() => menu.current?.hidePopover(), [path]);
	return (
		<>
			<button type="button" className="button whose" popoverTarget={id}>
				<span className="whose-name">{name}</span>
			</button>
			<div ref={menu} id={id} className="account-menu card stack" popover="auto">
				<p>
					<Link href="/account">{text.account}</Link>
				</p>
				{admin && linksOf('admin').length > 0 && (
					<nav aria-labelledby={`${id}-admin`}>
						<p id={`${id}-admin`} className="small quiet">
							{text.admin}
						</p>
						<Links group="admin" labelledBy={`${id}-admin`} />
					</nav>
				)}
				<Button busy={leaving.isPending} onClick={() => leaving.mutate()}>
					{text.signOut}
				</Button>
			</div>
		</>
	);
}
