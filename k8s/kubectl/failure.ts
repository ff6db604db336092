export const exitCode = {
	unknown: 1,
	/** An option is invalid, or a confirmation is missing. */
	usage: 2,
	/** A program is missing, the cluster does not answer, or it lacks Knative. */
	environment: 3,
	/** An image could not be built or brought to the cluster. */
	images: 4,
	/** A deployed object is not ready. */
	notReady: 5,
} as const;

/** An error that the user can fix. The message says what happened and what to do next. */
export class Failure extends Error {
	override readonly name = 'Failure';
	readonly exitCode: number;

	constructor(kind: keyof typeof exitCode, message: string, options?: ErrorOptions) {
		super(message, options);
		this.exitCode = exitCode[kind];
	}
}
