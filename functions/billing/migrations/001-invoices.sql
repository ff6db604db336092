create table invoices (
	id uuid primary key,
	-- The order of issue.
	number bigint not null unique generated always as identity,
	order_id integer unique,
	user_id integer,
	customer_name text,
	number_of_items integer not null check (number_of_items > 0),
	total_amount numeric(16, 2) not null check (total_amount >= 0),
	created_at timestamptz not null default now()
);
