import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { FunctionShape } from '../../../functions/info/api.ts';
import { isAdmin, useAccount } from '../../api/account.ts';
import { shortType } from '../../events/naming.ts';
import { words } from '../../language.ts';
import { emittersOf, reactorsOf } from '../../map/wires.ts';

const useWords = words(
	{
		title: 'Connections',
		calls: 'Calls',
		calledBy: 'Called by',
		emits: 'Publishes',
		reacts: 'Reacts to',
		to: (names: string) => `handled by ${names}`,
		from: (names: string) => `published by ${names}`,
		nobody: 'no function',
		publish: 'Publish one',
		publishType: (type: string) => `Publish one: ${type}`,
		schedule: 'Woken at',
		deadLetters: 'It stores the dead letters of every trigger.',
		alone: 'It calls no other function, and no event reaches or leaves it.',
	},
	{
		title: 'Liens',
		calls: 'Appelle',
		calledBy: 'Appelée par',
		emits: 'Publie',
		reacts: 'Réagit à',
		to: (names: string) => `traité par ${names}`,
		from: (names: string) => `publié par ${names}`,
		nobody: 'aucune fonction',
		publish: 'En publier un',
		publishType: (type: string) => `En publier un : ${type}`,
		schedule: 'Réveillée à',
		deadLetters: 'Elle conserve les lettres mortes de chaque trigger.',
		alone: 'Elle n’appelle aucune fonction, et n’échange aucun événement.',
	},
);

interface Props {
	readonly shape: FunctionShape;
	readonly shapes: readonly FunctionShape[];
}

/** What the function calls, emits and reacts to, with links to the other ends. */
export function Connections({ shape: { name, calls, emits, reacts, schedule, dead_letters }, shapes }: Props) {
	const text = useWords();
	const admin = isAdmin(useAccount());
	const calledBy = shapes.filter((other) => other.calls.includes(name)).map((other) => other.name);
	const isAlone = ![calls, calledBy, emits, reacts].some((list) => list.length) && !schedule;
	const named = (found: readonly FunctionShape[]): string => found.map((each) => each.name).join(', ') || text.nobody;
	return (
		<section className="card stack" aria-labelledby="connections">
			<h2 id="connections">{text.title}</h2>
			<dl className="facts small">
				{calls.length > 0 && (
					<Fact term={text.calls}>
						<Functions names={calls} />
					</Fact>
				)}
				{calledBy.length > 0 && (
					<Fact term={text.calledBy}>
						<Functions names={calledBy} />
					</Fact>
				)}
				{emits.length > 0 && (
					<Fact term={text.emits}>
						{emits.map((type) => (
							<div key={type}>
								<TypeLink type={type} />, {text.to(named(reactorsOf(shapes, type)))}
								{admin && (
									<>
										{' · '}
										<Link
											href={`/events?publish=${encodeURIComponent(type)}`}
											aria-label={text.publishType(shortType(type))}
										>
											{text.publish}
										</Link>
									</>
								)}
							</div>
						))}
					</Fact>
				)}
				{reacts.length > 0 && (
					<Fact term={text.reacts}>
						{reacts.map(({ type }) => (
							<div key={type}>
								<TypeLink type={type} />, {text.from(named(emittersOf(shapes, type)))}
							</div>
						))}
					</Fact>
				)}
				{schedule && (
					<Fact term={text.schedule}>
						<code>{schedule}</code> UTC
					</Fact>
				)}
			</dl>
			{dead_letters && <p className="small">{text.deadLetters}</p>}
			{isAlone && <p className="small quiet">{text.alone}</p>}
		</section>
	);
}

const Functions = ({ names }: { readonly names: readonly string[] }) =>
	names.map((name, index) => (
		<span key={name}>
			{index > 0 && ', '}
			<Link href={`/functions/${name}`}>{name}</Link>
		</span>
	));

const TypeLink = ({ type }: { readonly type: string }) => (
	<Link href={`/events?type=${encodeURIComponent(type)}`}>{shortType(type)}</Link>
);

const Fact = ({ term, children }: { readonly term: string; readonly children: ReactNode }) => (
	<div>
		<dt>{term}</dt>
		<dd>{children}</dd>
	</div>
);
