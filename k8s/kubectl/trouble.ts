import { Failure } from './failure.ts';
import { lastLine } from './run.ts';

const select = 'select another: kubectl config get-contexts; kubectl config use-context NAME';

/** Phrases of kubectl and of Go's network errors when nobody answers. */
const silence =
	/unable to connect|no answer within|was refused|connection refused|connection reset|no such host|no route to host|network is unreachable|i\/o timeout|timeout exceeded|deadline exceeded|handshake|x509|\bEOF\b/i;

/** Returns the last line of an error of kubectl without its prefix and its rhetorical question. */
export const complaint = (stderr: string): string =>
	lastLine(stderr)
		.replace(/^(error|Error from server \(\w+\)|Unable to connect to the server|Error in configuration): /i, '')
		.replace(/ - did you specify the right host or port\?$/, '')
		.replace(/\.$/, '');

/**
 * Returns the failure that an error of kubectl stands for, in a sentence with the next step, if its cause is kubectl's
 * configuration, the connection, a permission or a missing part of the cluster.
 * @param context the name of the current context, or '' if none is selected
 */
export function troubleOf(stderr: string, context: string): Failure | undefined {
	const said = complaint(stderr);
	const last = lastLine(stderr);
	const cluster = context
		? `The cluster of context "${context}"`
		: 'kubectl has no current context, and its default cluster';
	const trouble = (what: string): Failure => new Failure('environment', what);
	if (
		/config file|^Error in configuration|invalid configuration|no context exists|context ".*" does not exist/.test(last)
	)
		return trouble(
			`kubectl cannot use its configuration: ${said}. Repair it (KUBECONFIG or ~/.kube/config), or ${select}`,
		);
	if (/Unauthorized|must be logged in|provide credentials|getting credentials/.test(last))
		return trouble(`${cluster} rejects kubectl's credentials: ${said}. Sign in to it again, or ${select}`);
	if (/\(Forbidden\)/.test(last))
		return trouble(`${cluster} does not permit this: ${said}. Ask its administrator for the permission, or ${select}`);
	if (/doesn't have a resource type|could not find the requested resource/.test(last))
		return trouble(`${cluster} lacks a part that the shop needs: ${said}. To find it, run npx bodega doctor`);
	if (silence.test(last)) return trouble(`${cluster} does not answer: ${said}. Start it, or ${select}`);
	return undefined;
}
