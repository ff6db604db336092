/** What a command of the cluster ends with, besides 0. */
export const exitCode = {
	/** Something unforeseen. */
	unknown: 1,
	/** An option that makes no sense, or a question that nobody was there to answer. */
	usage: 2,
	/** A program is missing, the cluster does not answer, or it lacks Knative. */
	environment: 3,
	/** An image could not be built, or not be brought to the cluster. */
	images: 4,
	/** What was deployed is not ready. */
	notReady: 5,
} as const;

/** A failure that the user can do something about: the message says what happened and what to do next. */
export class Failure extends Error {
	override readonly name = 'Failure';
	readonly exitCode: number;

	constructor(kind: keyof typeof exitCode, message: string, options?: ErrorOptions) {
		super(message, options);
		this.exitCode = exitCode[kind];
	}
}
