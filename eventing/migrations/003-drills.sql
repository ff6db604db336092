-- Drills: a function whose handling of events fails on purpose, for a while. It is the database that makes it fail, so that
-- it is so in every instance at once, on a laptop and on a cluster, and needs no privilege but that to write here.

create table eventing.drills (
	function text primary key,
	started_at timestamptz not null default now(),
	-- It ends by itself, should everyone forget it.
	ends_at timestamptz not null
);

-- As its owner, for the functions' roles have no need to see the drills.
create function eventing.fail_in_drill() returns trigger language plpgsql security definer set search_path = '' as $$
declare
	drill record;
begin
	select d.function, d.ends_at into drill from eventing.triggers t join eventing.drills d on d.function = t.function
		where t.name = new.trigger and d.ends_at > clock_timestamp();
	if found then
		raise exception 'a drill: % is broken on purpose until % UTC',
			drill.function, to_char(drill.ends_at at time zone 'UTC', 'HH24:MI');
	end if;
	return new;
end
$$;

-- What would note that an event was handled fails, and with it the whole handling; to note a failed attempt does not.
create trigger drill before insert or update on eventing.deliveries
	for each row when (new.handled_at is not null) execute function eventing.fail_in_drill();

grant select, insert, update, delete on eventing.drills to bodega_event_log;
