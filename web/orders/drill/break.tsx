import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../api/ask.ts';
import { queries } from '../../api/query.ts';
import { Countdown } from '../../drills/countdown.tsx';
import { useSentence } from '../../drills/sentence.tsx';
import { Starter } from '../../drills/starter.tsx';
import { words } from '../../language.ts';
import { TimeIn } from '../../time.tsx';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/notice.tsx';
import { Begin } from './begin.tsx';
import type { Current } from './current.ts';

const useWords = words(
	{
		longer: 'Five minutes more',
		was: (fn: string, when: string) => `The drill of ${fn} began at ${when}.`,
	},
	{
		longer: 'Cinq minutes de plus',
		was: (fn: string, when: string) => `L’exercice de ${fn} a commencé à ${when}.`,
	},
);

interface Props {
	readonly current: Current;
	readonly onChoose: (fn: string) => void;
}

/** Starts a drill, or says which one runs, and extends it. */
export function Break({ current: { function: fn, since, running }, onChoose }: Props) {
	const text = useWords();
	const sentence = useSentence();
	const extending = useMutation({
		mutationFn: () => {
			const { kind, milliseconds, percent, type } = running as NonNullable<typeof running>;
			const amounts = {
				milliseconds: milliseconds ?? undefined,
				percent: percent ?? undefined,
				type: type ?? undefined,
			};
			return ask('PUT /api/drills/:function', { params: { function: fn }, body: { kind, ...amounts } });
		},
		onSuccess: () => queries.invalidateQueries({ queryKey: ['GET /api/drills'] }),
	});
	/** Whether it was started here, with a button that is gone then. */
	const [begun, setBegun] = useState(false);
	if (since === undefined) return <Begin named={fn} onChoose={onChoose} onBegun={() => setBegun(true)} />;
	if (!running)
		return (
			<p role="status">
				<TimeIn say={(when) => text.was(fn, when)} at={since} form="clock" />
			</p>
		);
	return (
		<>
			<p role="status" tabIndex={-1} ref={begun ? (line) => line?.focus() : undefined}>
				{sentence(running)} <Starter by={running.started_by} /> <Countdown seconds={running.seconds_left} />
			</p>
			{running.kind !== 'broker' && (
				<p>
					<Button kind="danger" busy={extending.isPending} onClick={() => extending.mutate()}>
						{text.longer}
					</Button>
				</p>
			)}
			<Failure error={extending.error} />
		</>
	);
}
