#!/usr/bin/env node
// Entry point of every command, in plain JavaScript for Node 20 or later. Installs missing dependencies, then runs
// cli/main.ts with the Node from the dependencies.
import { spawn } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const root = import.meta.dirname;
const modules = join(root, 'node_modules');

function installed() {
	try {
		// A symbolic link means shared modules: installing here would empty the original.
		if (lstatSync(modules).isSymbolicLink()) return true;
		return statSync(join(modules, '.package-lock.json')).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
	} catch {
		return false;
	}
}

/**
 * Runs a command and returns its exit code. The command ends at most 0.5 s after this process, however this one ends:
 * `sh` then kills it, which also works when it is busy, or blocked because nobody reads its output.
 */
function run(command, args, options) {
	const child = spawn(command, args, options);
	const watchdog = spawn('sh', ['-c', 'read -r _; sleep 0.5; kill -9 "$0"', String(child.pid)], {
		stdio: ['pipe', 'ignore', 'ignore'],
		detached: true,
	});
	const forward = (signal) => child.kill(signal);
	for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, forward);
	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code, signal) => {
			watchdog.kill('SIGKILL');
			for (const each of ['SIGINT', 'SIGTERM']) process.off(each, forward);
			resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
		});
	});
}

async function install() {
	process.stderr.write('Installing the dependencies (only once, about 30 s) …\n');
	const npm = process.env.npm_execpath;
	const command = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
	const options = { cwd: root, stdio: ['ignore', process.stderr.fd, process.stderr.fd] };
	const code = await run(command[0], [...command.slice(1), 'ci', '--loglevel=error'], options).catch(String);
	if (code === 0) return;
	const why = typeof code === 'string' ? `: ${code}` : '';
	process.stderr.write(`The dependencies could not be installed${why}. Run "npm ci" here to see why.\n`);
	process.exit(1);
}

function findNode() {
	const { platform, arch, versions, execPath } = process;
	const packages = [`node-${platform}-${arch}`, `node-bin-${platform}-${arch}`];
	const found = packages.map((name) => join(modules, name, 'bin', 'node')).find(existsSync);
	if (found) return found;
	// 24.7 is the first version with crypto.argon2.
	const [major, minor] = versions.node.split('.').map(Number);
	if (major > 24 || (major === 24 && minor >= 7)) return execPath;
	process.stderr.write(
		`Bodega needs Node 24.7 or newer, and its dependencies include none for ${platform}-${arch}. Install it and try again.\n`,
	);
	process.exit(1);
}

/**
 * Returns the ids of the parent and, if that is the shell that npx starts, of npm behind it. They change when one of them
 * ends.
 */
function parents() {
	try {
		// proc(5): the name of the command is in parentheses.
		const [, name, parent] = /\((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${process.ppid}/stat`, 'utf8'));
		return name.endsWith('sh') ? `${process.ppid} ${parent}` : `${process.ppid}`;
	} catch {
		return `${process.ppid}`; // Without /proc, sh is bash, which npx's command replaces.
	}
}

// npm forwards no SIGKILL, so check whether it still runs; otherwise nothing would stop the shop.
if (process.env.npm_command) {
	const before = parents();
	setInterval(() => parents() !== before && process.exit(1), 200).unref();
}
process.on('SIGHUP', () => process.exit(129));
// One Ctrl-C can arrive twice, from the terminal and from npm. A later one means that the user does not want to wait.
let interrupted;
process.on('SIGINT', () => {
	interrupted ??= performance.now();
	if (performance.now() - interrupted > 250) setTimeout(() => process.exit(130), 500);
});

if (!installed()) await install();
// They make the open shop 80 MB smaller: the young generation would grow to 48 MB, and threads that compile keep their memory.
const options = ['--max-semi-space-size=2', '--no-concurrent-recompilation'];
const code = await run(findNode(), [...options, join(root, 'cli', 'main.ts'), ...process.argv.slice(2)], {
	// The channel closes when this process ends, even if it is killed.
	stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
	// The compile cache makes the next command start in 0.3 s instead of 0.5 s.
	env: { NODE_COMPILE_CACHE: join(modules, '.cache', 'compile'), ...process.env },
});
process.exit(code);
