create table movies (
	id integer primary key generated always as identity,
	title text not null,
	description text not null,
	created_at timestamptz not null default now()
);

insert into movies (title, description) values
	('Metropolis', 'In a city of towers the son of its master follows a woman down to those who keep it running.'),
	('Modern Times', 'A worker on an assembly line is no match for his machine, and finds company in a girl without a home.'),
	('Seven Samurai', 'A village that is robbed after every harvest hires seven swordsmen who will work for rice.'),
	('Le Fabuleux Destin d’Amélie Poulain', 'A waitress in Montmartre mends the lives of others in secret, and nearly misses her own.'),
	('Spirited Away', 'A girl works in a bathhouse of spirits to free her parents, and must not forget her name.');
