import { useMutation } from '@tanstack/react-query';
import { Link, useLocation, useSearch } from 'wouter';
import { useAccount } from '../api/account.ts';
import { signOut } from '../api/session.ts';
import { words } from '../language.ts';
import { Button, ButtonLink } from '../ui/button.tsx';

const useWords = words(
	{ signIn: 'Sign in', signOut: 'Sign out' },
	{ signIn: 'Se connecter', signOut: 'Se déconnecter' },
);

export function Account() {
	const text = useWords();
	const account = useAccount();
	const [path, navigate] = useLocation();
	const search = useSearch();
	const leaving = useMutation({ mutationFn: signOut, onSuccess: () => navigate('/') });
	if (account === undefined) return <span className="whose" aria-busy="true" />;
	if (account === null)
		return (
			<ButtonLink href={`/sign-in?to=${encodeURIComponent(search ? `${path}?${search}` : path)}`}>
				{text.signIn}
			</ButtonLink>
		);
	return (
		<>
			<Link className="whose" href="/account">
				{account.name}
			</Link>
			<Button busy={leaving.isPending} onClick={() => leaving.mutate()}>
				{text.signOut}
			</Button>
		</>
	);
}
