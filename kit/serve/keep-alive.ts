/**
 * How long a server keeps an idle connection, in milliseconds. Longer than every client does, of which queue-proxy, with
 * Go's 90 s, is the most patient: a request on a connection that is just being closed is a 502 to its caller.
 */
export const keepAlive = 120_000;
