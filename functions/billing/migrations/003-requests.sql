-- The requests with an Idempotency-Key. The key of an account is stored behind its id and a line feed, as in orders.
create table requests (
	idempotency_key text primary key,
	invoice_id uuid not null,
	user_id integer not null,
	number_of_items integer not null,
	total_amount numeric(10, 2) not null
);
