-- The outbox, the inbox and the dead letters of every function. The database's owner owns the tables. Functions write rows
-- through row security, which derives the function from the role: bodega_event_log is event-log.

create function eventing.current_function() returns text language sql stable as
	$$ select replace(substr(current_user, length('bodega_') + 1), '_', '-') $$;

create table eventing.triggers (
	name text primary key,
	type text not null,
	function text not null
);
create index on eventing.triggers (type);

create table eventing.events (
	-- Version 7 is ordered by time, so the newest events are at the end of the index.
	id text not null default uuidv7()::text,
	source text not null,
	type text not null,
	subject text not null,
	time timestamptz not null default now(),
	dataschema text not null,
	traceparent text not null,
	data jsonb not null,
	-- How often the relay has republished the event, and from when it can do so again.
	relays integer not null default 0,
	relay_after timestamptz,
	-- Set by the relay when every trigger has handled the event, so that the relay skips it.
	settled_at timestamptz,
	primary key (source, id)
);
create index on eventing.events (id);
create index on eventing.events (time) where settled_at is null;
create index on eventing.events (subject);

create table eventing.deliveries (
	source text not null,
	id text not null,
	trigger text not null,
	attempts integer not null,
	first_attempt_at timestamptz not null default now(),
	last_attempt_at timestamptz not null default now(),
	handled_at timestamptz,
	last_error text,
	primary key (source, id, trigger)
);

create table eventing.dead_letters (
	id uuid primary key default uuidv7(),
	source text not null,
	event_id text not null,
	trigger text not null,
	event jsonb not null,
	-- Knative's knativeerrordest, knativeerrorcode and knativeerrordata.
	destination text,
	code integer,
	error text,
	received_at timestamptz not null default now(),
	-- The admin's decision.
	resolution text check (resolution in ('replayed', 'discarded')),
	unique (source, event_id, trigger)
);

alter table eventing.events enable row level security;
alter table eventing.deliveries enable row level security;

create policy emitter on eventing.events
	using (source = '/functions/' || eventing.current_function())
	with check (source = '/functions/' || eventing.current_function());
create policy consumer on eventing.deliveries
	using (trigger in (select name from eventing.triggers where function = eventing.current_function()))
	with check (trigger in (select name from eventing.triggers where function = eventing.current_function()));
-- The event log and the relay read everything. Their grants limit their writes.
create policy reader on eventing.events for select to bodega_event_log, bodega_relay using (true);
create policy relay on eventing.events for update to bodega_relay using (true) with check (true);
create policy reader on eventing.deliveries for select to bodega_event_log, bodega_relay using (true);

grant select on all tables in schema eventing to bodega_event_log, bodega_relay;
grant insert, update on eventing.dead_letters to bodega_event_log;
grant update (relays, relay_after, settled_at) on eventing.events to bodega_relay;
