create table fines (
	id uuid primary key default uuidv7(),
	loan_id integer not null unique,
	amount numeric(10, 2) not null,
	created_at timestamptz not null default now()
);
