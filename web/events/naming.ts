import { shop } from '../../shop.ts';

/** Returns `order.placed` for `dev.bodega.order.placed`. */
export const shortType = (type: string): string => type.replace(`${shop.eventPrefix}.`, '');

/** Returns the function name in a `source` attribute, or `admin` if an admin published the event by hand. */
export const functionOf = (source: string): string => source.replace(/^\/(functions\/)?/, '');

/** Returns the trace id: the second field of a `traceparent` (W3C Trace Context). */
export const traceOf = (traceparent: string): string => traceparent.split('-')[1] ?? '';
