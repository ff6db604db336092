import { spawn } from 'node:child_process';
import { environment } from './data-directory.ts';

/*
 * The first line is the process to guard. There is no second line: the pipe closes when the process at its other end
 * exits. The script then requests a fast shutdown, but only of the process in postmaster.pid, because the id can belong
 * to another program. A Postgres that has just started has not written the file yet, hence the loop.
 */
const script = `
read -r pid || exit
read -r _
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	if read -r running <"$0/postmaster.pid" && [ "$running" = "$pid" ]; then kill -INT "$pid"; exit; fi
	kill -0 "$pid" || exit
	sleep 0.1
done
`;

/**
 * Starts a watchdog that ends the Postgres in `data` when this process ends: `guard` sets its process, `dismiss` ends the
 * watchdog. It has its own session, so neither Ctrl-C nor a closing terminal reaches it.
 */
export function startWatchdog(data: string) {
	const shell = spawn('sh', ['-c', script, data], {
		detached: true,
		env: environment,
		stdio: ['pipe', 'ignore', 'ignore'],
	});
	shell.stdin.on('error', () => {}); // The watchdog was killed: the next start stops a leftover Postgres.
	return {
		guard: (pid: number) => void shell.stdin.write(`${pid}\n`),
		dismiss: () => void shell.kill('SIGKILL'),
	};
}
