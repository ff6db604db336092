import { type ComponentType, useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { touring, wasTouring } from '../app/touring.ts';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { BreakStep } from './break-step.tsx';
import { EndStep } from './end-step.tsx';
import { leave } from './leave.ts';
import { OrderStep } from './order-step.tsx';
import { indexOf, type StepName, steps, useProgress } from './progress.ts';
import { ReplayStep } from './replay-step.tsx';
import { ScaleStep } from './scale-step.tsx';
import { WakeStep } from './wake-step.tsx';

const useWords = words(
	{
		label: 'Guided tour',
		of: (step: number, all: number) => `${step} of ${all}`,
		leave: 'Leave the tour',
		screen: 'Show its screen',
		titles: {
			order: 'Order a book',
			wake: 'Watch it wake',
			break: 'Break billing',
			replay: 'Replay the event',
			scale: 'Scale out',
			end: 'That was the tour',
		},
	},
	{
		label: 'Visite guidée',
		of: (step: number, all: number) => `${step} sur ${all}`,
		leave: 'Quitter la visite',
		screen: 'Voir son écran',
		titles: {
			order: 'Commander un livre',
			wake: 'Regarder le réveil',
			break: 'Casser billing',
			replay: 'Rejouer l’événement',
			scale: 'Passer à l’échelle',
			end: 'La visite est finie',
		},
	},
);

const parts: Readonly<Record<StepName, ComponentType>> = {
	order: OrderStep,
	wake: WakeStep,
	break: BreakStep,
	replay: ReplayStep,
	scale: ScaleStep,
	end: EndStep,
};

/** The step that has its focus and its screen. After a reload the visitor stays where they are. */
let entered: StepName | undefined;
let isReload = wasTouring;

/** A panel that takes the visitor through the shop. It stays while they go to other screens. */
export default function Tour() {
	const text = useWords();
	const { step } = useProgress();
	const [here, navigate] = useLocation();
	const heading = useRef<HTMLHeadingElement>(null);
	const at = indexOf(step);
	const path = steps[at]?.path ?? '/';
	useEffect(() => {
		if (!isReload && entered !== step) {
			heading.current?.focus();
			navigate(path);
		}
		isReload = false;
		entered = step;
	}, [step, path, navigate]);
	useEffect(
		() => () => {
			entered = undefined;
		},
		[],
	);
	const Part = parts[step];
	const close = (): void => {
		leave();
		touring.set('left');
		document.getElementById('main')?.focus();
	};
	return (
		<aside className="tour" aria-label={text.label} data-keeps-focus>
			<div className="tour-top">
				<h2 ref={heading} tabIndex={-1}>
					{text.titles[step]}
				</h2>
				{step !== 'end' && <p className="quiet small">{text.of(at + 1, steps.length - 1)}</p>}
				<Button kind="bare" className="small" onClick={close}>
					{text.leave}
				</Button>
			</div>
			<Part key={step} />
			{here !== path && (
				<p className="small">
					<Link href={path}>{text.screen}</Link>
				</p>
			)}
		</aside>
	);
}
