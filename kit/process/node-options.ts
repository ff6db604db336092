/**
 * The options with which Node runs a function and the laptop's broker. `Dockerfile` and `bodega` repeat them, because neither can
 * import this file. With them a busy `calc` takes 98 MB instead of 212, and answers as many requests. Most other options of V8 cost 10 ms of each cold start, because V8 then rejects
 * the code cache of Node's own modules.
 */
export const nodeOptions = [
	// V8's young generation grows to 48 MB by default. Requests leave little behind, so 6 MB are enough. Saves 100 MB.
	'--max-semi-space-size=2',
	// A thread that compiles keeps its memory. Saves 12 MB.
	'--no-concurrent-recompilation',
] as const;

/**
 * The environment in which glibc's malloc returns freed memory. Only for the processes of an open shop that are not functions.
 * Saves 1 MB of the broker and 2 MB of the shop; `bodega` repeats it.
 */
export const allocation = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '65536', MALLOC_TOP_PAD_: '0' } as const;
