import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { UsageError } from '../../kit/process/usage-error.ts';
import type { Service } from './service.ts';

/**
 * Listens for the debuggers of a service on a port of 127.0.0.1, which stays the same while instances come and go. Connects each
 * debugger to the instance. It starts one if there is none, and keeps it running while it is attached, like a request.
 * @throws {UsageError} when the port cannot be used
 */
export async function listenForDebuggers(
	target: string,
	port: number,
	find: () => Service | undefined,
): Promise<Server> {
	const server = createServer((socket) => {
		socket.on('error', () => socket.destroy());
		const service = find();
		if (service) void attach(socket, service);
		else socket.destroy(); // The shop is still starting. Debuggers try again.
	});
	server.listen(port, '127.0.0.1');
	await once(server, 'listening').catch(({ code, message }: NodeJS.ErrnoException) => {
		const why = code === 'EADDRINUSE' ? 'this port is in use' : message;
		throw new UsageError(`--inspect ${target}:${port}: ${why}; choose another, such as ${target}:${port + 10}`);
	});
	return server;
}

async function attach(socket: Socket, service: Service): Promise<void> {
	// The terminal shows why an instance cannot start.
	const instance = await service.acquire().catch(() => undefined);
	if (!instance) return void socket.destroy();
	const inspector = connect(await instance.inspector, '127.0.0.1');
	instance.debuggers.add(socket);
	inspector.on('error', () => inspector.destroy());
	inspector.once('close', () => {
		socket.destroy();
		instance.debuggers.delete(socket);
		service.leave(instance);
	});
	if (socket.destroyed) return void inspector.destroy();
	socket.once('close', () => inspector.destroy());
	socket.pipe(inspector).pipe(socket);
}
