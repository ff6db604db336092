create table todos (
	id integer primary key generated always as identity,
	-- Whose: the owner's id, or 'shared'.
	list text not null,
	title text not null,
	done boolean not null default false,
	position double precision not null,
	created_at timestamptz not null default now(),
	-- Two of a list in the same place would have no order; it is also the index that a list is read by.
	unique (list, position)
);
