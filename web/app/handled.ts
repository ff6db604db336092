import type { Endpoint } from '../api/endpoints.ts';

/** The endpoints whose answer can change when a service handles an event. */
export const handled: Readonly<Record<string, readonly Endpoint[]>> = {
	'books-events': ['GET /api/books', 'GET /api/orders', 'GET /api/orders/mine'],
	'orders-events': ['GET /api/orders', 'GET /api/orders/mine'],
	'billing-events': ['GET /api/billing/mine'],
};
