create table titles (
	id integer primary key generated always as identity,
	title text not null,
	deposit numeric(10, 2) not null check (deposit >= 0),
	copies integer not null check (copies >= 0),
	created_at timestamptz not null default now()
);

insert into titles (title, deposit, copies) values
	('Emma', 1.50, 10), ('Persuasion', 1.00, 10), ('Middlemarch', 2.50, 10), ('Villette', 1.25, 10), ('Shirley', 1.75, 10);
