/**
 * How long a server keeps an idle connection open, in milliseconds. It must be longer than for any client, because a
 * request on a connection that is just closing becomes a 502. The longest client timeout is queue-proxy's: Go's 90 s.
 */
export const keepAlive = 120_000;
