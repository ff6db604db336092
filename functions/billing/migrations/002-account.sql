-- The owner; null if the customer was not signed in.
alter table invoices add column account_id uuid;
create index on invoices (account_id, number);
