/** How long a test waits for something on the page, in milliseconds; on a cluster a Pod often has to be scheduled first. */
export const patience = process.env['ACCEPTANCE_TARGET'] === 'cluster' ? 60_000 : 15_000;
