-- The copies that each order has taken, in the form [{"book_id": 1, "quantity": 2}]. An order that was cancelled before it took
-- any has an empty list, and never takes any.
create table reservations (
	order_id integer primary key,
	lines jsonb not null,
	returned_at timestamptz
);
