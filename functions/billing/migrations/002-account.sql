-- Whose invoice it is; null where nobody was signed in.
alter table invoices add column account_id uuid;
create index on invoices (account_id, number);
