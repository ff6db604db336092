import { useMutation } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { DeadLetter } from '../../functions/event-log/api.ts';
import { ask } from '../api/ask.ts';
import { Problem } from '../api/problem.ts';
import { FailedAttempts } from '../events/event/attempts.tsx';
import { shortType } from '../events/naming.ts';
import { words } from '../language.ts';
import { Time } from '../time.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { Failure } from '../ui/notice.tsx';
import { Outcome } from './outcome.tsx';
import { isUnderWay, type Replay } from './replays.ts';

const useWords = words(
	{
		answered: (code: number) => `answered ${code}`,
		unanswered: 'no response',
		subject: 'Subject',
		trigger: 'Trigger',
		destination: 'Destination',
		when: 'Arrived',
		attempts: (count: number) => `${count} attempt${count === 1 ? '' : 's'}`,
		payload: 'Payload',
		replay: 'Replay',
		discard: 'Discard',
		asked: 'Discard this letter?',
		sure: (fn: string) =>
			`Unless an attempt that is under way succeeds, ${fn} will never handle this event. This can’t be undone.`,
	},
	{
		answered: (code: number) => `réponse ${code}`,
		unanswered: 'sans réponse',
		subject: 'Sujet',
		trigger: 'Trigger',
		destination: 'Destination',
		when: 'Arrivée',
		attempts: (count: number) => `${count} essai${count > 1 ? 's' : ''}`,
		payload: 'Contenu',
		replay: 'Rejouer',
		discard: 'Abandonner',
		asked: 'Abandonner cette lettre ?',
		sure: (fn: string) => `Sauf si un essai en cours réussit, ${fn} ne traitera jamais l’événement. C’est définitif.`,
	},
);

interface Props {
	readonly letter: DeadLetter;
	/** The result of its replay, if it was replayed on this screen. */
	readonly replay: Replay | undefined;
	readonly onReplayed: () => void;
	readonly onDiscarded: () => void;
	/** Called when it turns out to be resolved already, as by another admin. */
	readonly onGone: () => void;
}

export function Letter({ letter, replay, onReplayed, onDiscarded, onGone }: Props) {
	const text = useWords();
	const id = useId();
	const card = useRef<HTMLLIElement>(null);
	const [asking, setAsking] = useState(false);
	const leaveIfGone = (error: Error): void => {
		if (error instanceof Problem && error.status === 404) onGone();
	};
	const replaying = useMutation({
		mutationFn: () => ask('POST /api/dead-letters/:id/replay', { params: { id: letter.id } }),
		onSuccess: () => {
			onReplayed();
			// Move the focus, because the button disappears.
			card.current?.focus();
		},
		onError: leaveIfGone,
	});
	const discarding = useMutation({
		mutationFn: () => ask('DELETE /api/dead-letters/:id', { params: { id: letter.id } }),
		onSuccess: onDiscarded,
		onError: (error) => {
			setAsking(false);
			leaveIfGone(error);
		},
	});
	const { event, trigger, error, code, destination, received_at } = letter;
	const fn = trigger.split('-on-')[0] ?? trigger;
	const done = replay !== undefined && (isUnderWay(replay) || replay.delivery?.status !== 'dead');
	return (
		<li ref={card} className="card letter" data-letter={letter.id} tabIndex={-1} aria-labelledby={id}>
			<div className="heading">
				<h3 id={id}>
					<Link href={`/events/${encodeURIComponent(event.id)}`}>{shortType(event.type)}</Link>
					{` → ${fn}`}
				</h3>
				<span className="stamp" data-kind="bad">
					{code ? text.answered(code) : text.unanswered}
				</span>
			</div>
			{error && (
				<code className="letter-error" lang="en">
					{error}
				</code>
			)}
			<dl className="letter-facts">
				<dt>{text.subject}</dt>
				<dd>{event.subject}</dd>
				<dt>{text.when}</dt>
				<dd>
					<Time at={received_at} />
				</dd>
				<dt>{text.trigger}</dt>
				<dd>{trigger}</dd>
				<dt>{text.destination}</dt>
				<dd>{destination}</dd>
			</dl>
			{letter.attempts > 0 && (
				<details className="letter-attempts">
					<summary>{text.attempts(letter.attempts)}</summary>
					<FailedAttempts failures={letter.failures} unlisted_failures={letter.unlisted_failures} />
				</details>
			)}
			<details>
				<summary>{text.payload}</summary>
				<pre className="letter-payload">{JSON.stringify(event.data, undefined, 2)}</pre>
			</details>
			<Outcome replay={replay} />
			{!done && (
				<div className="row">
					<Button kind="main" busy={replaying.isPending} onClick={() => replaying.mutate()}>
						{text.replay}
					</Button>
					<Button kind="danger" onClick={() => setAsking(true)}>
						{text.discard}
					</Button>
				</div>
			)}
			<Failure error={replaying.error ?? discarding.error} />
			{asking && (
				<Confirm
					title={text.asked}
					verb={text.discard}
					busy={discarding.isPending}
					onConfirm={() => discarding.mutate()}
					onClose={() => setAsking(false)}
				>
					<p>{text.sure(fn)}</p>
				</Confirm>
			)}
		</li>
	);
}
