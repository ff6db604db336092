import type { FunctionDetail, FunctionState } from '../../../functions/info/api.ts';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/notice.tsx';
import { TargetWindow } from '../target-window.tsx';
import { useRates } from '../use-rates.ts';
import { useWakes } from '../wake.ts';

const useWords = words(
	{
		title: 'State',
		wake: 'Wake it',
		waking: 'Waking…',
		answered: (duration: string) => `Answered after ${duration}.`,
		errors: (count: number, told: string) => (count ? `${told} answered with an error (5xx)` : 'no errors'),
	},
	{
		title: 'État',
		wake: 'La réveiller',
		waking: 'Réveil…',
		answered: (duration: string) => `Réponse au bout de ${duration}.`,
		errors: (count: number, told: string) => (count ? `${told} en erreur (5xx)` : 'aucune erreur'),
	},
);

interface Props {
	readonly name: string;
	readonly targets: readonly FunctionState[];
	readonly services: FunctionDetail['services'] | undefined;
	/** When `targets` was fetched, in Unix milliseconds. */
	readonly now: number;
}

export function Now({ name, targets, services, now }: Props) {
	const text = useWords();
	const { duration, number } = useFormat();
	const rate = useRates(targets, now);
	const { wakes, wake } = useWakes();
	const path = targets.find((target) => target.path)?.path;
	const woken = wakes[name];
	const waking = woken?.state === 'waking';
	return (
		<section className="card stack" aria-labelledby="now">
			<h2 id="now">{text.title}</h2>
			<ul className="windows">
				{targets.map((target) => {
					const errors = services?.find((service) => service.name === target.name)?.errors;
					return (
						<TargetWindow key={target.name} target={target} rate={rate(target.name)} now={now}>
							<p>{errors !== undefined && text.errors(errors, number(errors))}</p>
						</TargetWindow>
					);
				})}
			</ul>
			{path && (
				<div className="row">
					<Button kind="main" busy={waking} onClick={() => void wake({ name, path })}>
						{waking ? text.waking : text.wake}
					</Button>
					<p role="status" className="small">
						{woken?.state === 'awake' && text.answered(duration(woken.took))}
					</p>
				</div>
			)}
			{woken?.state === 'failed' && <Failure error={woken.error} />}
		</section>
	);
}
