import type { Declaration, Target } from '../../../kit/declare/declare.ts';

export const profileNames = ['laptop', 'team', 'production'] as const;
export type ProfileName = (typeof profileNames)[number];

/** For how much a shop is sized. */
export interface Profile {
	/** Instances that always run of each Service, by what waits for it. The others go to zero. */
	readonly alwaysOn: { readonly customers: number; readonly reactions: number; readonly deadLetters: number };
	/** How many times its declared most instances a Service may have. One that is declared to have one alone keeps to it. */
	readonly times: number;
	/** How long a Service without requests keeps its last instance. */
	readonly window: string;
	/** What an instance of a function asks for. Its limits are those of its declaration. */
	readonly instance: { readonly cpu: string; readonly memory: string };
	readonly postgres: {
		readonly requests: { readonly cpu: string; readonly memory: string };
		readonly limits: { readonly cpu: string; readonly memory: string };
		readonly sharedBuffers: string;
		/** Of CloudNativePG: one that writes, the others to take its place. The shop's own Postgres is one. */
		readonly instances: number;
	};
	/** Asked for when the claims are made. A claim that is there stays as it is: not every storage class lets one grow. */
	readonly storage: { readonly data: string; readonly backups: string };
	/** Whether a node is drained only as far as one instance of each always-on Service stays, and not under the database. */
	readonly guarded: boolean;
}

/** The sizes, in one table; docs/scaling.md has the arithmetic. */
export const profiles: Readonly<Record<ProfileName, Profile>> = {
	laptop: {
		alwaysOn: { customers: 0, reactions: 0, deadLetters: 0 },
		times: 1,
		// Knative's own 60 s are long to wait for when one wants to see it go, and much shorter would have a customer who
		// reads a page pay for a cold start with the next click.
		window: '20s',
		// Knative's own pods ask for most of a two-core node: with more asked for, some function would wait for another to go
		// before it may start. A cold start is much of a second's work for one core, so that is not held back.
		instance: { cpu: '5m', memory: '64Mi' },
		postgres: {
			requests: { cpu: '25m', memory: '128Mi' },
			limits: { cpu: '2', memory: '1Gi' },
			sharedBuffers: '128MB',
			instances: 1,
		},
		storage: { data: '1Gi', backups: '2Gi' },
		guarded: false,
	},
	team: {
		// The way of whoever looks and orders; what follows an order may wake.
		alwaysOn: { customers: 1, reactions: 0, deadLetters: 0 },
		times: 1,
		window: '60s',
		instance: { cpu: '50m', memory: '96Mi' },
		postgres: {
			requests: { cpu: '250m', memory: '512Mi' },
			limits: { cpu: '2', memory: '2Gi' },
			sharedBuffers: '256MB',
			instances: 2,
		},
		storage: { data: '10Gi', backups: '10Gi' },
		guarded: false,
	},
	production: {
		alwaysOn: { customers: 2, reactions: 2, deadLetters: 1 },
		times: 2,
		window: '60s',
		instance: { cpu: '100m', memory: '128Mi' },
		postgres: {
			requests: { cpu: '1', memory: '2Gi' },
			limits: { cpu: '4', memory: '4Gi' },
			sharedBuffers: '1GB',
			instances: 3,
		},
		storage: { data: '50Gi', backups: '50Gi' },
		guarded: true,
	},
};

/** The most instances of a function's Services. */
export const mostOf = ({ scale }: Declaration, { times }: Profile): number => (scale.max === 1 ? 1 : scale.max * times);

/** The instances of a Service that always run. */
export function alwaysOn({ signature, declaration }: Target, { alwaysOn: counts }: Profile): number {
	const { scale, reacts, deadLetters } = declaration;
	if (signature === 'http') return scale.tier === 'customer' ? counts.customers : 0;
	if (deadLetters) return counts.deadLetters;
	return scale.tier && reacts.length ? counts.reactions : 0;
}
