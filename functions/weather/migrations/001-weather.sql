-- The provider's responses, cached for all instances. A row is valid until `until`; then an instance can request it again.
create table cache (
	key text primary key,
	state text not null check (state in ('asking', 'stored', 'failed')),
	since timestamptz not null default now(),
	until timestamptz not null,
	-- Not jsonb: no query reads into it, and jsonb rejects some valid JSON.
	value json
);

create index on cache (since);
