create table users (
	id uuid primary key default uuidv7(),
	email text not null unique check (email = lower(email)),
	name text not null,
	password_hash text not null,
	roles text[] not null default '{user}' check (roles <@ '{admin,user}'),
	created_at timestamptz not null default now()
);

-- A session lasts from sign-in to sign-out on one device. Its refresh tokens are one family.
create table sessions (
	id uuid primary key default uuidv7(),
	user_id uuid not null references users on delete cascade,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null
);
create index on sessions (user_id);

create table refresh_tokens (
	-- SHA-256. Only the cookie has the token itself.
	hash bytea primary key,
	session_id uuid not null references sessions on delete cascade,
	used_at timestamptz
);
create index on refresh_tokens (session_id);

-- The limits count these: sign-ins in progress, failed sign-ins, and sign-ups.
create table attempts (
	id bigint primary key generated always as identity,
	-- SHA-256 of the typed e-mail address, which needs no account. Null for a sign-up.
	account bytea,
	network cidr not null,
	at timestamptz not null default now()
);
create index on attempts (account, at);
create index on attempts (network, at);

-- One customer has a network of 2^64 IPv6 addresses (RFC 6177).
create function network_of(address inet) returns cidr language sql immutable strict as
	$$ select network(set_masklen(address, case family(address) when 4 then 32 else 64 end)) $$;

create table signing_keys (
	kid uuid primary key,
	private_key jsonb not null,
	public_key jsonb not null,
	created_at timestamptz not null default now(),
	retired_at timestamptz
);
-- One key signs at a time.
create unique index on signing_keys ((true)) where retired_at is null;

-- The keys with which every function verifies tokens. A token is valid for 15 minutes after its key last signed.
create view access_keys as
	select kid, public_key from signing_keys where retired_at is null or retired_at > now() - interval '20 minutes';

-- Only the shop's roles can connect.
grant usage on schema users to public;
grant select on access_keys to public;
