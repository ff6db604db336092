-- During a drill, a function's event handling fails on purpose. The database makes it fail, so it fails in every instance,
-- on laptop and cluster alike, and needs no privilege except to write here.

create table eventing.drills (
	function text primary key,
	started_at timestamptz not null default now(),
	-- The drill ends at this time, even if nobody ends it.
	ends_at timestamptz not null
);

-- Runs as its owner, because the functions' roles cannot read the drills.
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

-- Recording a handled event fails, and rolls back the handling. Recording a failed attempt succeeds.
create trigger drill before insert or update on eventing.deliveries
	for each row when (new.handled_at is not null) execute function eventing.fail_in_drill();

grant select, insert, update, delete on eventing.drills to bodega_event_log;
