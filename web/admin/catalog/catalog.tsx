import { type UseQueryResult, useMutation } from '@tanstack/react-query';
import { type ComponentProps, useEffect, useRef, useState } from 'react';
import { Problem } from '../../api/problem.ts';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm, Dialog } from '../../ui/dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { More } from '../../ui/more.tsx';
import { NothingFound } from '../../ui/nothing-found.tsx';
import { Failure, Notice } from '../../ui/notice.tsx';
import { Search, useSearched } from '../../ui/search.tsx';
import { AsItIs } from '../data/as-it-is.tsx';
import { type Filled, merge } from '../merge.ts';
import { type Field, Fields } from './fields.tsx';
import { type Column, Sheet } from './sheet.tsx';

const useWords = words(
	{
		actions: 'Actions',
		edit: 'Edit',
		editing: (title: string) => `Edit “${title}”`,
		save: 'Save',
		saved: (title: string) => `“${title}” saved.`,
		added: (title: string) => `“${title}” added.`,
		show: 'Show it',
		remove: 'Delete',
		removing: (title: string) => `Delete “${title}”?`,
		forGood: 'This can’t be undone. Orders and other records that refer to it stay unchanged.',
		removed: (title: string) => `“${title}” deleted.`,
		none: 'Nothing here yet.',
	},
	{
		actions: 'Actions',
		edit: 'Modifier',
		editing: (title: string) => `Modifier « ${title} »`,
		save: 'Enregistrer',
		saved: (title: string) => `« ${title} » : enregistré.`,
		added: (title: string) => `« ${title} » : ajouté.`,
		show: 'Afficher',
		remove: 'Supprimer',
		removing: (title: string) => `Supprimer « ${title} » ?`,
		forGood: 'La suppression est définitive. Les commandes et autres données qui s’y réfèrent restent inchangées.',
		removed: (title: string) => `« ${title} » : supprimé.`,
		none: 'Rien ici pour l’instant.',
	},
);

interface Thing {
	readonly id: number;
	readonly title: string;
}

interface Version<Row> {
	readonly body: Row;
	readonly version: string;
}

interface Props<Row extends Thing, Name extends string> {
	/** The plural name of the rows: "Books". */
	readonly label: string;
	/** The fields that are searched: "Title or author". */
	readonly searchLabel: string;
	/** The label of the button that adds a row: "Add a book". */
	readonly addLabel: string;
	readonly list: ComponentProps<typeof More>['list'] & Pick<UseQueryResult<readonly Row[]>, 'data' | 'error'>;
	readonly columns: readonly Column<Row>[];
	readonly fields: readonly Field<Name>[];
	readonly blank: Filled<Name>;
	readonly filledOf: (row: Row) => Filled<Name>;
	readonly read: (id: number) => Promise<Version<Row>>;
	readonly add: (filled: Filled<Name>) => Promise<Row>;
	/** @throws {Problem} 412 when the row has another version */
	readonly replace: (id: number, filled: Filled<Name>, version: string) => Promise<Row>;
	readonly remove: (id: number) => Promise<unknown>;
	readonly onChange: () => void;
}

export function Catalog<Row extends Thing, Name extends string>(props: Props<Row, Name>) {
	const { label, searchLabel, addLabel, list, fields, blank, filledOf, read, add, replace, remove, onChange } = props;
	const text = useWords();
	const sheet = useRef<HTMLElement>(null);
	const [searched, search] = useSearched();
	const [edited, edit] = useState<Row | 'new'>();
	const [doomed, doom] = useState<Row>();
	const [done, setDone] = useState<{ readonly say: string; readonly added?: string }>();
	const finish = (what: typeof done): void => {
		edit(undefined);
		doom(undefined);
		setDone(what);
		onChange();
	};
	/** Saves on top of the current version, again if somebody else saves between our two requests. */
	const save = async (id: number, mine: Filled<Name>, base: Filled<Name>, attempts = 5): Promise<Row> => {
		const { body, version } = await read(id);
		return replace(id, merge(base, mine, filledOf(body)), version).catch((error) => {
			if (attempts > 1 && error instanceof Problem && error.status === 412) return save(id, mine, base, attempts - 1);
			throw error;
		});
	};
	const removing = useMutation({
		mutationFn: ({ id }: Row) => remove(id),
		onSuccess: (_, { title }) => finish({ say: text.removed(title) }),
	});
	// Move the focus, because the delete button disappears with its row.
	useEffect(() => {
		if (removing.isSuccess) sheet.current?.focus();
	}, [removing.isSuccess]);
	const actions: Column<Row> = {
		key: 'actions',
		heading: <span className="unseen">{text.actions}</span>,
		cell: (row) => (
			<div className="sheet-actions">
				<Button kind="bare" onClick={() => edit(row)}>
					{text.edit} <span className="unseen">{row.title}</span>
				</Button>
				<Button kind="bare" onClick={() => doom(row)}>
					{text.remove} <span className="unseen">{row.title}</span>
				</Button>
			</div>
		),
	};
	return (
		<>
			<div className="office-bar">
				<Search label={searchLabel} />
				<Button kind="main" onClick={() => edit('new')}>
					{addLabel}
				</Button>
			</div>
			{done && (
				<Notice kind="good">
					{done.say}{' '}
					{done.added !== undefined && (
						<Button kind="bare" onClick={() => search(done.added ?? '')}>
							{text.show}
						</Button>
					)}
				</Notice>
			)}
			<Loaded
				query={list}
				empty={searched ? <NothingFound searched={searched} /> : <p className="empty">{text.none}</p>}
			>
				{(rows) => (
					<Sheet
						region={sheet}
						label={label}
						columns={[...props.columns, actions]}
						rows={rows}
						keyOf={({ id }) => id}
					/>
				)}
			</Loaded>
			<More list={list} />
			{edited === 'new' && (
				<Dialog title={addLabel} onClose={() => edit(undefined)}>
					<Fields
						fields={fields}
						began={blank}
						verb={addLabel}
						save={add}
						onSaved={({ title }) => finish({ say: text.added(title), added: title })}
						onClose={() => edit(undefined)}
					/>
				</Dialog>
			)}
			{edited && edited !== 'new' && (
				<Dialog title={text.editing(edited.title)} onClose={() => edit(undefined)}>
					<AsItIs read={async () => (await read(edited.id)).body}>
						{(row) => (
							<Fields
								fields={fields}
								began={filledOf(row)}
								verb={text.save}
								save={(mine, base) => save(row.id, mine, base)}
								onSaved={({ title }) => finish({ say: text.saved(title) })}
								onClose={() => edit(undefined)}
							/>
						)}
					</AsItIs>
				</Dialog>
			)}
			{doomed && (
				<Confirm
					title={text.removing(doomed.title)}
					verb={text.remove}
					busy={removing.isPending}
					onConfirm={() => removing.mutate(doomed)}
					onClose={() => {
						doom(undefined);
						removing.reset();
					}}
				>
					<p>{text.forGood}</p>
					<Failure error={removing.error} />
				</Confirm>
			)}
		</>
	);
}
