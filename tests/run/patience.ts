/** How long a test waits for what it wants to see, in milliseconds: on a cluster a function may have to be scheduled first. */
export const patience = process.env['ACCEPTANCE_TARGET'] === 'cluster' ? 60_000 : 15_000;
