-- The account of the admin who published the event by hand; null for an event of a function.
alter table eventing.events add column published_by text;

-- Stores an event that an admin publishes by hand, and returns its id; null when no function declares the type. Runs as its owner,
-- because the event log has no right to write events. It can write none in the name of a function: these have the source /admin.
create function eventing.publish_by_hand(type text, subject text, dataschema text, traceparent text, data jsonb, published_by text)
	returns text language sql volatile security definer
begin atomic
	insert into eventing.events (source, type, subject, dataschema, traceparent, data, published_by)
		select '/admin', publish_by_hand.type, publish_by_hand.subject, publish_by_hand.dataschema, publish_by_hand.traceparent,
			publish_by_hand.data, publish_by_hand.published_by
		where exists (select from eventing.emissions e where e.type = publish_by_hand.type)
		returning id;
end;
revoke execute on function eventing.publish_by_hand(text, text, text, text, jsonb, text) from public;
grant execute on function eventing.publish_by_hand(text, text, text, text, jsonb, text) to bodega_event_log;
