-- Whose order it is; null of somebody who was not signed in.
alter table orders add column account_id uuid;
