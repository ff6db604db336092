import type { User } from '../../functions/users/api.ts';
import { useList } from '../api/query.ts';
import { words } from '../language.ts';
import { Time } from '../time.tsx';
import { AdminScreen } from '../ui/admin-only.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { More } from '../ui/more.tsx';
import { type Column, Sheet } from './catalog/sheet.tsx';

const useWords = words(
	{
		label: 'Users',
		lead: 'All accounts, oldest first.',
		email: 'E-mail',
		name: 'Name',
		roles: 'Roles',
		since: 'Since',
		role: { admin: 'admin', user: 'user' },
	},
	{
		label: 'Comptes',
		lead: 'Tous les comptes, du plus ancien au plus récent.',
		email: 'E-mail',
		name: 'Nom',
		roles: 'Rôles',
		since: 'Depuis',
		role: { admin: 'admin', user: 'utilisateur' },
	},
);

export default function AdminUsers() {
	const text = useWords();
	return (
		<AdminScreen title={text.label} lead={text.lead}>
			<Accounts />
		</AdminScreen>
	);
}

function Accounts() {
	const text = useWords();
	const list = useList('GET /api/users');
	const columns: Column<User>[] = [
		{ key: 'email', heading: text.email, kind: 'text', cell: ({ email }) => email },
		{ key: 'name', heading: text.name, kind: 'text', cell: ({ name }) => name },
		{
			key: 'roles',
			heading: text.roles,
			cell: ({ roles }) => (
				<span className="sheet-stamps">
					{roles.map((role) => (
						<span key={role} className="stamp" data-kind={role === 'admin' ? 'good' : 'quiet'}>
							{text.role[role]}
						</span>
					))}
				</span>
			),
		},
		{ key: 'since', heading: text.since, cell: ({ created_at }) => <Time at={created_at} /> },
	];
	return (
		<>
			<Loaded query={list}>
				{(rows) => <Sheet label={text.label} columns={columns} rows={rows} keyOf={({ id }) => id} />}
			</Loaded>
			<More list={list} />
		</>
	);
}
