create table words (
	word text primary key,
	chosen_at timestamptz
);

insert into words (word) values ('harbour'), ('lantern'), ('meadow'), ('orchard'), ('thimble');
