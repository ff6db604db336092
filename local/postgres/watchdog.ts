import { spawn } from 'node:child_process';

/** Stands by a Postgres so that it does not outlive this process. */
export type Watchdog = {
	/** Names the process to guard. */
	guard(pid: number): void;
	/** Ends the watchdog; for when its Postgres has ended. */
	dismiss(): void;
};

/*
 * The first line it reads is the process to guard. The second never comes: the pipe closes with the process that holds
 * its other end, however that ends. Then a fast shutdown, but only of the process that postmaster.pid names, since the
 * number may be another's by now; a Postgres that has only just begun has not written it yet.
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
 * Starts a watchdog for the Postgres that is about to run in `data`. It is a session of its own: neither Ctrl-C nor a
 * closing terminal reaches it.
 */
export function startWatchdog(data: string): Watchdog {
	const shell = spawn('sh', ['-c', script, data], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
	shell.stdin.on('error', () => {}); // it was killed: nothing to do here, the next start looks for what was left
	return {
		guard: (pid) => void shell.stdin.write(`${pid}\n`),
		dismiss: () => void shell.kill('SIGKILL'),
	};
}
