import { Store, useStore } from '../api/store.ts';

/** The steps in their order, and the screen that each shows. */
export const steps = [
	{ name: 'order', path: '/' },
	{ name: 'wake', path: '/functions' },
	{ name: 'break', path: '/events' },
	{ name: 'replay', path: '/dead-letters' },
	{ name: 'scale', path: '/functions' },
	{ name: 'end', path: '/map' },
] as const;

export type StepName = (typeof steps)[number]['name'];

/** The drill that the tour began, and the order that it keeps waiting. */
export interface Broken {
	/** The start of the drill, by the shop's clock, which tells it from the drills of others. */
	readonly since: string;
	/** Undefined until the order is placed. */
	readonly order: number | undefined;
}

export interface Progress {
	readonly step: StepName;
	/** The order of the first step. */
	readonly order?: number | undefined;
	readonly broken?: Broken | undefined;
	/** Whether the dead letter was replayed. */
	readonly replayed?: boolean | undefined;
}

const name = 'bodega.tour';
const first: Progress = { step: 'order' };

function stored(): Progress {
	try {
		const found = JSON.parse(sessionStorage.getItem(name) ?? '{}') as Partial<Progress>;
		return steps.some(({ name: known }) => known === found.step) ? (found as Progress) : first;
	} catch {
		// Some browsers are set to store nothing.
		return first;
	}
}

const progress = new Store(stored());
progress.follow(() => {
	try {
		sessionStorage.setItem(name, JSON.stringify(progress.value));
	} catch {
		// Then a reload begins at the first step.
	}
});

export const useProgress = (): Progress => useStore(progress);
export const currentProgress = (): Progress => progress.value;
export const note = (change: Partial<Progress>): void => progress.set({ ...progress.value, ...change });
export const startOver = (): void => progress.set(first);

export const indexOf = (step: StepName): number => steps.findIndex(({ name: each }) => each === step);

/** The step after another one. Without a dead letter there is nothing to replay. */
export function stepAfter({ step, broken }: Progress): StepName {
	if (step === 'break' && broken?.order === undefined) return 'scale';
	return steps[indexOf(step) + 1]?.name ?? 'end';
}
