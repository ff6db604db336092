create table entries (
	id integer primary key generated always as identity,
	name text not null,
	message text not null,
	thanks text,
	created_at timestamptz not null default now()
);
