-- The attempts of the last 15 minutes: sign-ins in progress, failed sign-ins, and sign-ups. Each is counted for the account
-- from the client's network, for the network, and for the account from everywhere. The table `attempts` stays for instances
-- of the previous version, which run until they are replaced.
delete from attempts;

create table attempt_counts (
	-- SHA-256 of the typed e-mail address, which needs no account. Null for a network as a whole.
	account bytea,
	-- Null for an account from everywhere.
	network cidr,
	count integer not null,
	-- The first counted attempt.
	since timestamptz not null default now(),
	unique nulls not distinct (account, network)
);
