import { Link, useSearchParams } from 'wouter';
import { words } from '../language.ts';
import { Loaded } from '../ui/loaded.tsx';
import { NothingFound } from '../ui/nothing-found.tsx';
import { Screen } from '../ui/screen.tsx';
import { Search, useSearched } from '../ui/search.tsx';
import { type Listed, operationsOf, useDocument } from './document.ts';
import { OperationItem } from './operation.tsx';

const useWords = words(
	{
		title: 'API reference',
		lead: 'Every operation of the functions, to read and to try. A request is real, and is sent with your own session if you are signed in.',
		search: 'Path or effect',
		documents: 'As documents:',
	},
	{
		title: 'Référence de l’API',
		lead: 'Toutes les opérations des fonctions, à lire et à essayer. Une requête est réelle : elle part avec votre session si vous êtes connecté.',
		search: 'Chemin ou effet',
		documents: 'En documents :',
	},
);

export default function Reference() {
	const text = useWords();
	const [searched = ''] = useSearched();
	const [params] = useSearchParams();
	const chosen = params.get('operation');
	const isFound = ({ method, path, operation }: Listed): boolean =>
		`${method} ${path} ${operation.summary}`.toLowerCase().includes(searched.toLowerCase());
	return (
		<Screen title={text.title} lead={text.lead}>
			<div className="office-bar">
				<Search label={text.search} />
				<p className="small">
					{text.documents} <a href="/api/openapi.json">OpenAPI 3.1</a>, <a href="/api/asyncapi.json">AsyncAPI 3.0</a>
				</p>
			</div>
			<Loaded query={useDocument()}>
				{(document) => {
					const found = operationsOf(document).filter(isFound);
					if (!found.length) return <NothingFound searched={searched} />;
					return document.tags.map(({ name, description }) => {
						const own = found.filter(({ operation }) => operation.tags.includes(name));
						return (
							own.length > 0 && (
								<section key={name} className="stack" aria-labelledby={`reference-${name}`}>
									<div>
										<h2 id={`reference-${name}`}>
											<Link href={`/functions/${name}`}>{name}</Link>
										</h2>
										<p className="quiet small" lang="en">
											{description}
										</p>
									</div>
									<div className="operations">
										{own.map((listed) => (
											<OperationItem
												key={listed.operation.operationId}
												listed={listed}
												document={document}
												chosen={listed.operation.operationId === chosen}
											/>
										))}
									</div>
								</section>
							)
						);
					});
				}}
			</Loaded>
		</Screen>
	);
}
