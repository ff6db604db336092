import { signIn } from '../api/session.ts';
import { words } from '../language.ts';
import { Entry } from './entry.tsx';

const useWords = words(
	{
		title: 'Sign in',
		wrong: 'No account has this address and password. Please check both.',
		none: 'No account yet?',
		signUp: 'Sign up',
	},
	{
		title: 'Se connecter',
		wrong: 'Aucun compte ne correspond à cette adresse et à ce mot de passe. Vérifiez les deux.',
		none: 'Pas encore de compte ?',
		signUp: 'Créer un compte',
	},
);

export default function SignIn() {
	const text = useWords();
	return (
		<Entry
			title={text.title}
			enter={({ email, password }) => signIn(email, password)}
			refusals={{ 401: text.wrong }}
			other={{ question: text.none, path: '/sign-up', verb: text.signUp }}
		/>
	);
}
