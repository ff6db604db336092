/**
 * An environment with which a function rejects each event with a status that the Broker does not retry: with retries it takes
 * minutes until an event is a dead letter. Only the last listener is left out, so that the server counts its requests as ever.
 */
export const refusing = {
	NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`
		import { Server } from 'node:http';
		const { emit } = Server.prototype;
		Server.prototype.emit = function (name, request, response) {
			const counting = this.rawListeners('request').slice(0, -1);
			if (name !== 'request' || request.method !== 'POST' || !counting.length) return emit.apply(this, arguments);
			for (const each of counting) each.call(this, request, response);
			response.writeHead(422).end('billing is out of ink');
		};
	`)}`,
};
