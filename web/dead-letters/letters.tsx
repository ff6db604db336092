import { useEffect, useRef, useState } from 'react';
import type { DeadLetter } from '../../functions/event-log/api.ts';
import { refresh, useList } from '../api/query.ts';
import { words } from '../language.ts';
import { announce } from '../ui/announce.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { More } from '../ui/more.tsx';
import { Notice } from '../ui/notice.tsx';
import { Letter } from './letter.tsx';
import { NoLetters } from './no-letters.tsx';
import { ReplayAll } from './replay-all.tsx';
import { useReplays } from './replays.ts';

const useWords = words(
	{
		label: 'Open letters',
		open: (count: number, more: boolean) => `${more ? 'More than ' : ''}${count} open letter${count === 1 ? '' : 's'}`,
		replayed: 'Replayed.',
		discarded: 'Discarded.',
		gone: 'That letter was already replayed, discarded or handled.',
	},
	{
		label: 'Lettres en souffrance',
		open: (count: number, more: boolean) =>
			`${more ? 'Plus de ' : ''}${count} lettre${count > 1 ? 's' : ''} en souffrance`,
		replayed: 'C’est rejoué.',
		discarded: 'C’est abandonné.',
		gone: 'Cette lettre a déjà été rejouée, abandonnée ou traitée.',
	},
);

/** The open dead letters, and those replayed since the screen opened, with their results. */
export function Letters() {
	const text = useWords();
	const list = useList('GET /api/dead-letters');
	const [replays, addReplays] = useReplays();
	const [discarded, setDiscarded] = useState<readonly string[]>([]);
	const [gone, setGone] = useState(false);
	const section = useRef<HTMLElement>(null);
	/** The letter below the discarded one, which gets the focus. Without one, the heading gets it. */
	const next = useRef<string>(undefined);
	useEffect(() => {
		if (discarded.length === 0) return;
		const letter = next.current && section.current?.querySelector<HTMLElement>(`[data-letter="${next.current}"]`);
		(letter || section.current?.querySelector('h2'))?.focus();
	}, [discarded]);

	const replayed = (letters: readonly DeadLetter[]): void => {
		addReplays(letters);
		refresh('GET /api/dead-letters');
		announce(text.replayed);
	};
	return (
		<Loaded query={list}>
			{(rows) => {
				const kept = [...replays.values()].map(({ letter }) => letter);
				const all = [...new Map([...kept, ...rows].map((letter) => [letter.id, letter])).values()]
					.filter(({ id }) => !discarded.includes(id))
					.sort((one, other) => (one.id < other.id ? 1 : -1));
				const open = rows.filter(({ id }) => all.some((letter) => letter.id === id));
				const discard = ({ id }: DeadLetter): void => {
					next.current = all[all.findIndex((letter) => letter.id === id) + 1]?.id;
					setDiscarded([...discarded, id]);
					refresh('GET /api/dead-letters');
					announce(text.discarded);
				};
				return (
					<section ref={section} className="stack" aria-labelledby="letters">
						<div className="heading">
							<h2 id="letters" tabIndex={-1}>
								{open.length > 0 ? text.open(open.length, list.hasNextPage) : text.label}
							</h2>
							<ReplayAll open={open} more={list.hasNextPage} replays={replays} onReplayed={replayed} />
						</div>
						{gone && <Notice kind="wait">{text.gone}</Notice>}
						{all.length === 0 && <NoLetters />}
						<ul className="letters">
							{all.map((letter) => (
								<Letter
									key={letter.id}
									letter={letter}
									replay={replays.get(letter.id)}
									onReplayed={() => replayed([letter])}
									onDiscarded={() => discard(letter)}
									onGone={() => {
										setGone(true);
										refresh('GET /api/dead-letters');
									}}
								/>
							))}
						</ul>
						<More list={list} />
					</section>
				);
			}}
		</Loaded>
	);
}
