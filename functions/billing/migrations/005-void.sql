-- An order has one row, by the unique order_id: its invoice, or a void one. Void invoices are only stored, and not listed.
alter table invoices add column voided_at timestamptz;
