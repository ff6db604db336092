import { readFileSync } from 'node:fs';

/** Milliseconds between two looks. */
const pause = 200;

/**
 * Sends this process SIGHUP, as a closing terminal does, when the npm that started it has ended. npm does not forward
 * SIGKILL. Where `bodega` finds setpriv, Linux sends it too, but not for the npx behind a shell.
 */
export function endWithNpm(): void {
	if (!process.env['npm_command']) return;
	const before = parents();
	setInterval(() => parents() !== before && process.kill(process.pid, 'SIGHUP'), pause).unref();
}

/**
 * Returns the ids of the parent and, if that is the shell that npx starts, of npm behind it. They change when one of them
 * ends.
 */
function parents(): string {
	try {
		// proc(5): the name of the command is in parentheses.
		const [, name = '', parent] = /\((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${process.ppid}/stat`, 'utf8')) ?? [];
		return name.endsWith('sh') ? `${process.ppid} ${parent}` : `${process.ppid}`;
	} catch {
		return `${process.ppid}`; // Without /proc, sh is bash, which npx's command replaces.
	}
}
