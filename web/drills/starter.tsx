import { useAccount } from '../api/account.ts';
import { useAnswer } from '../api/query.ts';
import { words } from '../language.ts';

const useWords = words(
	{ you: 'Started by you.', by: (name: string) => `Started by ${name}.`, other: 'Started by another admin.' },
	{ you: 'Lancé par vous.', by: (name: string) => `Lancé par ${name}.`, other: 'Lancé par un autre admin.' },
);

/** Says who started a drill. @param by the id of an account; null if that is not known */
export function Starter({ by }: { readonly by: string | null }) {
	const text = useWords();
	const own = useAccount()?.id;
	const { data: accounts } = useAnswer('GET /api/users', undefined, { enabled: by !== null && by !== own });
	if (by === null) return null;
	const name = accounts?.find(({ id }) => id === by)?.name;
	return <span>{by === own ? text.you : name === undefined ? text.other : text.by(name)}</span>;
}
