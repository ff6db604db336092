create table orders (
	id integer primary key generated always as identity,
	book_id integer not null,
	customer_name text not null,
	quantity integer not null check (quantity > 0),
	unit_price numeric(10, 2) not null,
	status text not null default 'pending' check (status in ('pending', 'completed', 'rejected')),
	reason text,
	idempotency_key text unique,
	created_at timestamptz not null default now()
);
