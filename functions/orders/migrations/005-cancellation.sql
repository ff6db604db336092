alter table orders
	drop constraint orders_status_check,
	add constraint orders_status_check check (status in ('pending', 'completed', 'rejected', 'cancelled')),
	-- Whether books and billing know of every step that a cancellation undoes. They do not know the copies that the previous
	-- release has reserved, so its orders, which do not set this column, cannot be cancelled.
	add column is_cancellable boolean not null default false;
