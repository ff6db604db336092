import type { Endpoint } from '../api/endpoints.ts';

/** The endpoints whose answer can change when a service handles an event. */
export const handled: Readonly<Record<string, readonly Endpoint[]>> = {
	'books-events': ['GET /api/books', 'GET /api/orders'],
	'orders-events': ['GET /api/orders'],
	'billing-events': ['GET /api/billing/mine'],
};
