-- The books of the order. The previous release stores none while this one is rolled out.
alter table invoices add column lines jsonb not null default '[]';
