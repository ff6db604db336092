/** An invalid option or environment variable. The message names it, and says what was found and what was expected. */
export class UsageError extends Error {
	override readonly name = 'UsageError';
	/** The exit code of the command: that of `usage` in `k8s/kubectl/failure.ts`. */
	readonly exitCode = 2;
}
