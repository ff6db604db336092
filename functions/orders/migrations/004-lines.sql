-- What was ordered: a list of books, with their titles and prices at that time. It is a document, always read and written with
-- its order.
alter table orders
	add column lines jsonb check (jsonb_array_length(lines) between 1 and 20),
	add column total_amount numeric(16, 2),
	add column settled_at timestamptz;

-- The previous release, whose orders have one book, reads and writes these three columns while this one is rolled out. The
-- release after this one can drop them, with the trigger.
create function fill_lines() returns trigger language plpgsql set search_path = '' as $$ begin
	if new.lines is null then
		new.lines := jsonb_build_array(jsonb_build_object(
			'book_id', new.book_id, 'title', null, 'quantity', new.quantity, 'unit_price', new.unit_price::text));
		new.total_amount := new.quantity * new.unit_price;
	else
		new.book_id := (new.lines -> 0 ->> 'book_id')::integer;
		new.quantity := (new.lines -> 0 ->> 'quantity')::integer;
		new.unit_price := (new.lines -> 0 ->> 'unit_price')::numeric;
	end if;
	return new;
end $$;
create trigger fill_lines before insert or update of lines on orders for each row execute function fill_lines();
update orders set lines = null;
alter table orders alter column lines set not null, alter column total_amount set not null;
