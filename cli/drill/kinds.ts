/** The kinds of drills that the command has words for. Without one, the function fails to handle every event: an outage. */
export const kinds = ['latency', 'failures', 'poison', 'broker'] as const;
