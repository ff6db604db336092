create table todos (
	id integer primary key generated always as identity,
	-- The owner's id, or 'shared'.
	list text not null,
	title text not null,
	done boolean not null default false,
	position double precision not null,
	created_at timestamptz not null default now(),
	-- Two todos of a list need an order. The index also serves reading a list.
	unique (list, position)
);
