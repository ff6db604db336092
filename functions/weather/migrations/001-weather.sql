-- What the provider answered, for all instances. A row is in its state until `until`; from then on anyone may ask anew.
create table cache (
	key text primary key,
	state text not null check (state in ('asking', 'stored', 'failed')),
	since timestamptz not null default now(),
	until timestamptz not null,
	-- Not jsonb: it is never looked into, and jsonb refuses some of what JSON may hold.
	value json
);

create index on cache (since);
