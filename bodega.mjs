#!/usr/bin/env node
// Entry point of every command, in plain JavaScript for Node 20 or later. Installs missing dependencies, then runs
// cli/main.ts with the Node from the dependencies.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, statSync } from 'node:fs';
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

function install() {
	process.stderr.write('Installing the dependencies (only once, about 30 s) …\n');
	const npm = process.env.npm_execpath;
	const command = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
	const { status, error } = spawnSync(command[0], [...command.slice(1), 'ci', '--loglevel=error'], {
		cwd: root,
		stdio: ['ignore', process.stderr.fd, process.stderr.fd],
	});
	if (status === 0) return;
	process.stderr.write(
		`The dependencies could not be installed${error ? `: ${error.message}` : ''}. Run "npm ci" here to see why.\n`,
	);
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

if (!installed()) install();
const child = spawn(findNode(), [join(root, 'cli', 'main.ts'), ...process.argv.slice(2)], {
	// The channel closes when this process ends, even if it is killed.
	stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
	// The compile cache makes the next command start in 0.3 s instead of 0.5 s.
	env: { NODE_COMPILE_CACHE: join(modules, '.cache', 'compile'), ...process.env },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));

// npm cannot notify this process when npm is killed, so check whether it still runs; otherwise nothing would stop the
// shop.
if (process.env.npm_command) {
	const parent = process.ppid;
	setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 300).unref();
}
