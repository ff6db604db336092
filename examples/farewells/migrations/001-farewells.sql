create table farewells (
	account_id uuid primary key,
	noted_at timestamptz not null default now()
);
