import { Link, useLocation, useSearchParams } from 'wouter';
import { Problem } from '../api/problem.ts';
import { signIn } from '../api/session.ts';
import { words } from '../language.ts';
import { Entry } from './entry.tsx';
import { EntryForm } from './entry-form.tsx';
import { useTooMany } from './too-many.ts';
import { wayBack } from './way-back.ts';

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
	const tooMany = useTooMany();
	const [params] = useSearchParams();
	const [, navigate] = useLocation();
	const to = wayBack(params.get('to'));
	return (
		<Entry title={text.title} to={to}>
			<EntryForm
				verb={text.title}
				enter={({ email, password }) => signIn(email, password)}
				// Replace the history entry, so that Back skips the form.
				onEntered={() => navigate(to, { replace: true })}
				explain={(error) => (error instanceof Problem && error.status === 401 ? text.wrong : tooMany(error))}
			>
				{text.none} <Link href={`/sign-up?to=${encodeURIComponent(to)}`}>{text.signUp}</Link>
			</EntryForm>
		</Entry>
	);
}
