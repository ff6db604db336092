import type { User } from '../../functions/users/api.ts';
import { words } from '../language.ts';

const useWords = words({ name: 'Name', email: 'E-mail' }, { name: 'Nom', email: 'E-mail' });

/** Whom an account belongs to. */
export function Holder({
	name,
	email,
	className = '',
}: Pick<User, 'name' | 'email'> & { readonly className?: string }) {
	const text = useWords();
	return (
		<dl className={`card-holder ${className}`}>
			<div>
				<dt>{text.name}</dt>
				<dd>{name}</dd>
			</div>
			<div>
				<dt>{text.email}</dt>
				<dd>{email}</dd>
			</div>
		</dl>
	);
}
