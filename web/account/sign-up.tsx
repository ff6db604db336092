import { Link, useLocation, useSearchParams } from 'wouter';
import { ask } from '../api/ask.ts';
import { Problem } from '../api/problem.ts';
import { signIn } from '../api/session.ts';
import { words } from '../language.ts';
import { Entry } from './entry.tsx';
import { EntryForm, type Filled } from './entry-form.tsx';
import { useTooMany } from './too-many.ts';
import { wayBack } from './way-back.ts';

const useWords = words(
	{
		title: 'Sign up',
		taken: 'There is an account with this address already. Sign in with it, or take another address.',
		known: 'An account already?',
		signIn: 'Sign in',
	},
	{
		title: 'Créer un compte',
		taken: 'Il y a déjà un compte à cette adresse. Connectez-vous avec, ou prenez une autre adresse.',
		known: 'Déjà un compte ?',
		signIn: 'Se connecter',
	},
);

/** Makes an account, and signs in with it. */
async function signUp(filled: Filled): Promise<void> {
	await ask('POST /api/users', { body: filled });
	await signIn(filled.email, filled.password);
}

export function SignUp() {
	const text = useWords();
	const tooMany = useTooMany();
	const [params] = useSearchParams();
	const [, navigate] = useLocation();
	const to = wayBack(params.get('to'));
	return (
		<Entry title={text.title} to={to}>
			<EntryForm
				isNew
				verb={text.title}
				enter={signUp}
				// Back leads to where one was, not to the form again.
				onEntered={() => navigate(to, { replace: true })}
				explain={(error) => (error instanceof Problem && error.status === 409 ? text.taken : tooMany(error))}
			>
				{text.known} <Link href={`/sign-in?to=${encodeURIComponent(to)}`}>{text.signIn}</Link>
			</EntryForm>
		</Entry>
	);
}
