-- The public list, and the list of one account.
create index orders_public on orders (id) where account_id is null;
create index orders_account on orders (account_id, id);

-- An account's key is stored behind its id and a line feed, which no header can contain. The column stays unique, because
-- the previous release still inserts with `on conflict (idempotency_key)` while this one is rolled out.
update orders set idempotency_key = account_id || E'\n' || idempotency_key
	where account_id is not null and idempotency_key is not null;
