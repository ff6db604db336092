import { shop } from '../../shop.ts';

/** `order.placed` for `dev.bodega.order.placed`. */
export const shortType = (type: string): string => type.replace(`${shop.eventPrefix}.`, '');

/** The function that a `source` attribute names. */
export const functionOf = (source: string): string => source.replace(/^\/functions\//, '');

/** The id of the trace that a `traceparent` names: its second field (W3C Trace Context). */
export const traceOf = (traceparent: string): string => traceparent.split('-')[1] ?? '';
