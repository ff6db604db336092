-- Numbers the publications after an event's first one, in the order in which the relay or an admin decides on them. A number
-- says which of two is the later one even when a clock is set back.
create sequence eventing.publications;
grant usage on sequence eventing.publications to bodega_event_log, bodega_relay;

-- When the admin decided, and the number of the publication that replays the letter.
alter table eventing.dead_letters add column resolved_at timestamptz, add column replay bigint;
grant update (resolved_at, replay) on eventing.dead_letters to bodega_event_log;

-- One row: the instance that republishes events, so that two do not double the consumers' load. It renews its lease while it
-- works.
create table eventing.relay_lease (
	holder text not null default '',
	ends_at timestamptz not null default '-infinity'
);
insert into eventing.relay_lease default values;
grant select, update (holder, ends_at) on eventing.relay_lease to bodega_relay;

-- A drill lasts at most ten minutes after the last request for it. One that ends later began before the clock was set back.
create view eventing.active_drills as
	select * from eventing.drills where ends_at > clock_timestamp() and ends_at <= clock_timestamp() + interval '10 minutes';
grant select on eventing.active_drills to bodega_event_log;

create or replace function eventing.fail_in_drill() returns trigger language plpgsql security definer set search_path = '' as $$
declare
	drill record;
begin
	select d.function, d.ends_at into drill from eventing.triggers t join eventing.active_drills d on d.function = t.function
		where t.name = new.trigger;
	if found then
		raise exception 'a drill: % is broken on purpose until % UTC',
			drill.function, to_char(drill.ends_at at time zone 'UTC', 'HH24:MI');
	end if;
	return new;
end
$$;
