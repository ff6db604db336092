import type { ReactNode } from 'react';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/notice.tsx';
import { mend } from './leave.ts';
import { currentProgress, note, stepAfter } from './progress.ts';

const useWords = words(
	{ next: 'Next', skip: 'Skip', waiting: 'Waiting…', anyway: 'Go on anyway' },
	{ next: 'Suivant', skip: 'Passer', waiting: 'En attente…', anyway: 'Continuer quand même' },
);

interface Props {
	/** What happens in this step, and why. */
	readonly intro: ReactNode;
	/** What the tour does for the visitor, until it has been done. */
	readonly action?: { readonly label: string; readonly run: () => void } | undefined;
	readonly waiting?: boolean;
	/** Whether the effect is there. */
	readonly done: boolean;
	/** Why the effect does not come, when its time is over. */
	readonly late?: ReactNode;
	readonly error?: unknown;
	/** What happened. */
	readonly children?: ReactNode;
}

function next(): void {
	const progress = currentProgress();
	note({ step: stepAfter(progress) });
	// The step can have been skipped.
	if (progress.step === 'replay') mend();
}

/** One step. Its main button does the step's work, then leads to the next step, so that it keeps the focus. */
export function Step({ intro, action, waiting = false, done, late, error, children }: Props) {
	const text = useWords();
	const over = done || Boolean(late);
	const busy = waiting && !over;
	const label = done ? text.next : late ? text.anyway : busy ? text.waiting : (action?.label ?? text.next);
	return (
		<>
			<p>{intro}</p>
			<div role="status" className="tour-result">
				{children}
				{!done && late && <p>{late}</p>}
			</div>
			<Failure error={error} />
			<div className="row">
				<Button kind="main" busy={busy} onClick={over || !action ? next : action.run}>
					{label}
				</Button>
				{!over && <Button onClick={next}>{text.skip}</Button>}
			</div>
		</>
	);
}
