/**
 * The options with which Node runs a function and the laptop's broker. `Dockerfile` and `bodega` repeat them, because neither can
 * import this file. With them a warm `calc` takes 71 MB instead of 109 (`npm run bench -- --only memory`). Most other options of V8
 * cost 10 ms of each cold start, because V8 then rejects the code cache of Node's own modules.
 */
export const nodeOptions = [
	// V8's young generation grows to 48 MB by default. With 6 MB a function takes 4 MB less than with these 12, but an order takes a
	// fifth more of the processors: the requests in progress outlive more collections.
	'--max-semi-space-size=4',
	// A thread that compiles keeps its memory. Saves 12 MB.
	'--no-concurrent-recompilation',
] as const;

/**
 * The environment in which glibc's malloc returns freed memory. Only for the processes of an open shop that are not functions.
 * Saves 1 MB of the broker and 2 MB of the shop; `bodega` repeats it.
 */
export const allocation = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '65536', MALLOC_TOP_PAD_: '0' } as const;
