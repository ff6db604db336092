-- The owner; null if the customer was not signed in.
alter table orders add column account_id uuid;
