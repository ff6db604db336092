import { ask } from '../api/ask.ts';
import { signIn } from '../api/session.ts';
import { words } from '../language.ts';
import { Entry } from './entry.tsx';
import type { Filled } from './entry-form.tsx';

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

async function signUp(filled: Filled): Promise<void> {
	await ask('POST /api/users', { body: filled });
	await signIn(filled.email, filled.password);
}

export default function SignUp() {
	const text = useWords();
	return (
		<Entry
			title={text.title}
			isNew
			enter={signUp}
			refusals={{ 409: text.taken }}
			other={{ question: text.known, path: '/sign-in', verb: text.signIn }}
		/>
	);
}
