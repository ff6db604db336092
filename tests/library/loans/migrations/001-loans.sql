create table loans (
	id integer primary key generated always as identity,
	title_id integer not null,
	reader text not null,
	copies integer not null check (copies > 0),
	status text not null default 'pending'
);
