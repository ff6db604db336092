import type { Invoice } from '../../../../functions/billing/api.ts';
import { type OpenPart, part } from '../../part.ts';
import { InvoiceCustomer } from './customer.ts';
import { invariants } from './invariants.ts';

/** A customer who requests invoices without an order. */
const open: OpenPart = async (scene) =>
	part(
		scene,
		[new InvoiceCustomer(scene)],
		async () => ({ invoices: await scene.admin.list<Invoice>('/api/billing?limit=1000') }),
		invariants,
	);

export default open;
