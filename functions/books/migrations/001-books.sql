create table books (
	id integer primary key generated always as identity,
	title text not null,
	author text not null,
	price numeric(10, 2) not null check (price >= 0),
	stock integer not null check (stock >= 0),
	created_at timestamptz not null default now()
);

insert into books (title, author, price, stock) values
	('Clean Code', 'Robert C. Martin', 29.99, 10),
	('Design Patterns', 'Gang of Four', 39.99, 10),
	('The Pragmatic Programmer', 'David Thomas', 34.99, 10),
	('Refactoring', 'Martin Fowler', 44.99, 10),
	('Domain-Driven Design', 'Eric Evans', 49.99, 10);
