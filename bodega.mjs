#!/usr/bin/env node
// The door to every command. Plain JavaScript for any Node from 20 on: it installs what is missing, then hands over to
// cli/main.ts, run by the Node 24 that comes with the dependencies.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const root = import.meta.dirname;
const modules = join(root, 'node_modules');

function installed() {
	try {
		// In a copy that borrows another's: to install here would empty that one.
		if (lstatSync(modules).isSymbolicLink()) return true;
		return statSync(join(modules, '.package-lock.json')).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
	} catch {
		return false;
	}
}

function install() {
	process.stderr.write('Installing the dependencies (once; about half a minute) …\n');
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
	if (Number.parseInt(versions.node, 10) >= 24) return execPath;
	process.stderr.write(
		`Bodega needs Node 24, and there is none for ${platform}-${arch} among its dependencies. Install Node 24 and try again.\n`,
	);
	process.exit(1);
}

if (!installed()) install();
const child = spawn(findNode(), [join(root, 'cli', 'main.ts'), ...process.argv.slice(2)], {
	// The channel tells the child when this process is gone, however it went.
	stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
	// What Node makes of the sources is kept for the next command, which starts in 0.3 s then instead of 0.5 s.
	env: { NODE_COMPILE_CACHE: join(modules, '.cache', 'compile'), ...process.env },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));

// npm cannot tell this process when it is killed; then nobody is left to stop the shop.
if (process.env.npm_command) {
	const parent = process.ppid;
	setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 300).unref();
}
