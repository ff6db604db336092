import type { Declaration, Target } from '../../../kit/declare/declare.ts';

export const profileNames = ['laptop', 'team', 'production'] as const;
export type ProfileName = (typeof profileNames)[number];

export interface Profile {
	/** The minimum number of instances of each Service. Services that are not listed scale to zero. */
	readonly alwaysOn: { readonly customers: number; readonly reactions: number; readonly deadLetters: number };
	/** The factor for each Service's declared maximum of instances. Does not apply to a declared maximum of one. */
	readonly times: number;
	/** How long the last instance of a Service runs without requests. */
	readonly window: string;
	/** The resource requests of a function's instance. Its limits come from its declaration. */
	readonly instance: { readonly cpu: string; readonly memory: string };
	readonly postgres: {
		readonly requests: { readonly cpu: string; readonly memory: string };
		readonly limits: { readonly cpu: string; readonly memory: string };
		readonly sharedBuffers: string;
		/** The number of CloudNativePG instances: one primary and its standbys. The shop's own Postgres is always one. */
		readonly instances: number;
	};
	/** The sizes of new volume claims. Existing claims do not change, because not every storage class can expand them. */
	readonly storage: { readonly data: string; readonly backups: string; readonly archive: string };
	/** Whether disruption budgets protect the database and the Services that always run several instances. */
	readonly guarded: boolean;
}

/** All profiles. docs/scaling.md has the arithmetic. */
export const profiles: Readonly<Record<ProfileName, Profile>> = {
	laptop: {
		alwaysOn: { customers: 0, reactions: 0, deadLetters: 0 },
		times: 1,
		// Knative's default of 60 s is a long wait for somebody who wants to watch an instance go. With a much shorter
		// window, a customer's next click would be a cold start after reading a page.
		window: '20s',
		// Knative's own Pods request most of a two-core node. With larger requests, a function could start only after
		// another one has ended. There is no low CPU limit, because a cold start takes one core much of a second.
		instance: { cpu: '5m', memory: '64Mi' },
		postgres: {
			requests: { cpu: '25m', memory: '128Mi' },
			limits: { cpu: '2', memory: '1Gi' },
			sharedBuffers: '128MB',
			instances: 1,
		},
		storage: { data: '1Gi', backups: '2Gi', archive: '1Gi' },
		guarded: false,
	},
	team: {
		// The Services that browsing and ordering use. Those that process an order afterwards can cold-start.
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
		storage: { data: '10Gi', backups: '10Gi', archive: '10Gi' },
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
		storage: { data: '50Gi', backups: '50Gi', archive: '50Gi' },
		guarded: true,
	},
};

/** Returns the maximum number of instances of a function's Services. */
export const mostOf = ({ scale }: Declaration, { times }: Profile): number => (scale.max === 1 ? 1 : scale.max * times);

/** Returns the minimum number of instances of a Service. */
export function alwaysOn({ signature, declaration }: Target, { alwaysOn: counts }: Profile): number {
	const { scale, reacts, deadLetters } = declaration;
	if (signature === 'http') return scale.tier === 'customer' ? counts.customers : 0;
	if (deadLetters) return counts.deadLetters;
	return scale.tier && reacts.length ? counts.reactions : 0;
}
