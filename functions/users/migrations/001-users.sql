create table users (
	id uuid primary key default uuidv7(),
	email text not null unique check (email = lower(email)),
	name text not null,
	password_hash text not null,
	roles text[] not null default '{user}' check (roles <@ '{admin,user}'),
	created_at timestamptz not null default now()
);

-- From a sign-in to a sign-out, on one device: the family of its refresh tokens.
create table sessions (
	id uuid primary key default uuidv7(),
	user_id uuid not null references users on delete cascade,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null
);
create index on sessions (user_id);

create table refresh_tokens (
	-- SHA-256; the token itself is in the cookie alone.
	hash bytea primary key,
	session_id uuid not null references sessions on delete cascade,
	used_at timestamptz
);
create index on refresh_tokens (session_id);

-- Sign-ins that are under way or have failed, and sign-ups: what the limits count.
create table attempts (
	id bigint primary key generated always as identity,
	-- SHA-256 of the e-mail address, which may be nobody's: people type all sorts of things there. Null for a sign-up.
	account bytea,
	network cidr not null,
	at timestamptz not null default now()
);
create index on attempts (account, at);
create index on attempts (network, at);

-- Whoever has one IPv6 address has 2^64 of them (RFC 6177).
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

-- The keys that verify, for every function: a token lives for 15 minutes after its key has signed for the last time.
create view access_keys as
	select kid, public_key from signing_keys where retired_at is null or retired_at > now() - interval '20 minutes';

-- Only the shop's own roles can connect.
grant usage on schema users to public;
grant select on access_keys to public;
