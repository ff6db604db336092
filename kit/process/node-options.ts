/**
 * The options with which Node runs a function and the laptop's broker. `Dockerfile` and `bodega` repeat them, because neither can
 * import this file. With them `books` takes 76 MB after 1,100 requests instead of 95 (`npm run bench -- --only memory`). Most other
 * options of V8 cost 10 ms of each cold start, because V8 then rejects the code cache of Node's own modules.
 */
export const nodeOptions = [
	// V8's young generation grows to 12 MB with it, by default to 48. With 6 MB an order takes a fifth more of the processors: the requests
	// in progress outlive more collections.
	'--max-semi-space-size=4',
	// A thread that compiles keeps its memory. Saves 12 MB.
	'--no-concurrent-recompilation',
] as const;

/**
 * The environment in which glibc's malloc returns freed memory: 3 MB of a function, 20 of `users` after a sign-in, 1 of the broker and 2
 * of the shop. `Dockerfile` and `bodega` repeat it.
 */
export const allocation = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '65536', MALLOC_TOP_PAD_: '0' } as const;
