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
		taken: 'This address already has an account. Sign in, or use another address.',
		known: 'Already have an account?',
		signIn: 'Sign in',
	},
	{
		title: 'Créer un compte',
		taken: 'Un compte existe déjà pour cette adresse. Connectez-vous, ou choisissez une autre adresse.',
		known: 'Déjà un compte ?',
		signIn: 'Se connecter',
	},
);

/** Creates an account and signs in with it. */
async function signUp(filled: Filled): Promise<void> {
	await ask('POST /api/users', { body: filled });
	await signIn(filled.email, filled.password);
}

export default function SignUp() {
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
				// Replace the history entry, so that Back skips the form.
				onEntered={() => navigate(to, { replace: true })}
				explain={(error) => (error instanceof Problem && error.status === 409 ? text.taken : tooMany(error))}
			>
				{text.known} <Link href={`/sign-in?to=${encodeURIComponent(to)}`}>{text.signIn}</Link>
			</EntryForm>
		</Entry>
	);
}
