-- Deleted accounts whose deletion is announced again, because an order in progress, or a request with an access token that
-- had not expired, can store something about the account after the first announcement.
create table deletions (
	account_id uuid primary key,
	at timestamptz not null default now()
);
