import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/*
 * The arguments, and then each line, list the guarded processes, as SIGNAL:ID; a negative id is a process group. The pipe closes when the process
 * at its other end exits, however it exits. The script then sends each process its signal, which a
 * suspended one gets when it continues. It also sends SIGQUIT to a
 * Postgres that has not finished its fast shutdown (SIGINT) by then, which needs no disk. The ids cannot belong to other
 * processes, because a list names only children that their parent has not waited for.
 */
const script = `
guarded=$*
while read -r line; do guarded=$line; done
for each in $guarded; do kill -s "\${each%:*}" -- "\${each#*:}"; kill -s CONT -- "\${each#*:}"; done
case $guarded in *INT:*) sleep 0.7;; esac
for each in $guarded; do case $each in INT:*) kill -s QUIT -- "\${each#*:}";; esac; done
`;

/** The entries of the watchdog's list, by process id. */
const guarded = new Map<number, string>();
let watchdog: Socket | undefined;

/** Starts the watchdog. It has its own session, so neither Ctrl-C nor a closing terminal reaches it. */
function startWatchdog(): Socket {
	const shell = spawn('sh', ['-c', script, 'watchdog', ...guarded.values()], {
		detached: true,
		env: { PATH: process.env['PATH'] },
		stdio: ['pipe', 'ignore', 'ignore'],
	});
	shell.unref();
	const pipe = shell.stdin as Socket;
	pipe.unref();
	pipe.on('error', () => {});
	shell.once('exit', () => {
		watchdog = undefined;
		if (guarded.size) update();
	});
	return pipe;
}

function update(): void {
	if (watchdog) watchdog.write(`${[...guarded.values()].join(' ')}\n`);
	else watchdog = startWatchdog();
}

/**
 * Ends a child when this process ends, even if either is killed, suspended or busy. A child that waits for a `disconnect`
 * cannot see it while its event loop is blocked. Returns the child.
 * @param signal SIGINT for a Postgres, which gets SIGQUIT 0.7 s later
 */
export function guard<Child extends ChildProcess>(child: Child, signal: 'KILL' | 'INT' = 'KILL'): Child {
	return add(child, child.pid, signal);
}

/** Ends a child with its whole process group, like `guard`. The child must be started with `detached: true`. */
export function guardGroup<Child extends ChildProcess>(child: Child): Child {
	return add(child, child.pid && -child.pid, 'KILL');
}

function add<Child extends ChildProcess>(child: Child, id: number | undefined, signal: string): Child {
	if (id === undefined) return child; // It could not be started.
	guarded.set(id, `${signal}:${id}`);
	update();
	child.once('exit', () => {
		guarded.delete(id);
		update();
	});
	return child;
}
