-- The kinds of drills. Each is a row with an end, so that it ends on time whoever began it, also after a restart.
--   outage    the function fails to handle every event
--   latency   each handling takes so many milliseconds longer
--   failures  this percentage of the attempts fails
--   poison    the function never handles one event: the next one of a type
--   broker    the Broker has lost its memory; the row's function is `broker`
alter table eventing.drills
	add column kind text not null default 'outage' check (kind in ('outage', 'latency', 'failures', 'poison', 'broker')),
	add column milliseconds integer check ((milliseconds is not null) = (kind = 'latency')),
	add column percent integer check ((percent is not null) = (kind = 'failures')),
	add column type text check ((type is not null) = (kind = 'poison')),
	-- The poisoned event, as soon as it is emitted.
	add column source text,
	add column event text,
	-- The account of the admin who began it or changed it last; null if an older release did.
	add column started_by text;
grant update (kind, milliseconds, percent, type, source, event, started_by) on eventing.drills to bodega_event_log;

create or replace view eventing.active_drills as
	select * from eventing.drills where ends_at > clock_timestamp() and ends_at <= clock_timestamp() + interval '10 minutes';

create or replace function eventing.fail_in_drill() returns trigger language plpgsql security definer set search_path = '' as $$
declare
	drill record;
	until text;
begin
	select d.* into drill from eventing.triggers t join eventing.active_drills d on d.function = t.function
		where t.name = new.trigger;
	if not found then
		return new;
	end if;
	-- A retry is inserted, finds the row of an earlier attempt, and updates that. It is one attempt.
	if tg_op = 'INSERT' and exists (select from eventing.deliveries d
		where (d.source, d.id, d.trigger) = (new.source, new.id, new.trigger)) then
		return new;
	end if;
	until := to_char(drill.ends_at at time zone 'UTC', 'HH24:MI');
	case drill.kind
		when 'latency' then
			-- Within a tenth, so that handlings do not stay in step.
			perform pg_sleep(drill.milliseconds * (0.9 + 0.2 * random()) / 1000);
		when 'failures' then
			-- The number of the attempt decides. Handlings that shared a transaction run again alone when it fails, in the same attempt.
			if abs(hashtextextended(concat_ws(' ', new.source, new.id, new.trigger, new.attempts), extract(epoch from drill.started_at)::bigint) % 100) < drill.percent then
				raise exception 'a drill: % fails % %% of its attempts on purpose until % UTC', drill.function, drill.percent, until;
			end if;
		when 'poison' then
			if (new.source, new.id) = (drill.source, drill.event) then
				-- The function answers 422, after which a Broker does not retry.
				raise exception 'a drill: this event is poison for % until % UTC', drill.function, until using errcode = 'PT422';
			end if;
		else
			raise exception 'a drill: % is broken on purpose until % UTC', drill.function, until;
	end case;
	return new;
end
$$;

-- Poisons the first event of the type that is emitted in the drill, in the transaction that emits it. Another transaction that
-- emits one at the same time does not wait.
create function eventing.poison_in_drill() returns trigger language plpgsql security definer set search_path = '' as $$
begin
	update eventing.drills set source = new.source, event = new.id where function in (
		select d.function from eventing.drills d where d.type = new.type and d.event is null
		and d.ends_at > clock_timestamp() and d.ends_at <= clock_timestamp() + interval '10 minutes'
		for update skip locked);
	return null;
end
$$;
create trigger drill after insert on eventing.events for each row execute function eventing.poison_in_drill();
revoke execute on function eventing.poison_in_drill() from public;

-- The deliveries that a drill has kept from their function: neither handled nor discarded since it began. An earlier event counts if
-- its delivery was attempted since. The Broker can have lost any that waits and is no dead letter. Settled events are skipped, because
-- every trigger has completed them.
create function eventing.missed_in_drill(drilled text)
	returns table (source text, id text, trigger text, emitted_at timestamptz, is_poisoned boolean)
	language sql stable security definer
begin atomic
	select e.source, e.id, t.name, e.time, r.kind = 'poison' and (e.source, e.id) is not distinct from (r.source, r.event)
	from eventing.drills r
	join eventing.triggers t on t.function = r.function or r.kind = 'broker'
	join eventing.events e on e.type = t.type and e.settled_at is null
	left join eventing.deliveries d on (d.source, d.id, d.trigger) = (e.source, e.id, t.name)
	left join eventing.dead_letters l on (l.source, l.event_id, l.trigger) = (e.source, e.id, t.name)
	where r.function = drilled and d.handled_at is null and l.resolution is distinct from 'discarded'
	and case r.kind when 'broker' then l.id is null or l.resolution = 'replayed'
		else greatest(e.time, d.received_at) >= r.started_at end;
end;

-- An event that is published again, under the name of the publication.
create type eventing.republication as (
	id text, source text, type text, subject text, "time" timestamptz, dataschema text, traceparent text, data jsonb, publication text
);

-- Returns the events to publish again when a drill has ended: the oldest thousand that it has kept from their function. Marks their
-- dead letters as replayed. The relay republishes the rest, except for dead letters. The poisoned event's stays for an admin to replay.
create function eventing.recover_from_drill(drilled text)
	returns setof eventing.republication language sql volatile security definer
begin atomic
	with number as materialized (select nextval('eventing.publications') as number),
	missed as materialized (select m.* from eventing.missed_in_drill(drilled) m where not m.is_poisoned order by m.emitted_at limit 1000),
	replayed as (
		update eventing.dead_letters l set resolution = 'replayed', resolved_at = now(), replay = (select n.number from number n)
		where (l.source, l.event_id, l.trigger) in (select m.source, m.id, m.trigger from missed m) and l.resolution is distinct from 'discarded')
	select e.id, e.source, e.type, e.subject, e.time, e.dataschema, e.traceparent, e.data, 'drill-' || (select n.number from number n)
	from eventing.events e where (e.source, e.id) in (select m.source, m.id from missed m) order by e.time;
end;

-- Ends the drills whose time is over, each once, and returns the events to publish again.
create function eventing.recover_from_ended_drills()
	returns setof eventing.republication language plpgsql volatile security definer set search_path = '' as $$
declare
	ended text;
begin
	for ended in
		update eventing.drills d set ends_at = d.started_at
		where d.ends_at > d.started_at and d.ends_at not between clock_timestamp() and clock_timestamp() + interval '10 minutes'
		returning d.function
	loop
		return query select * from eventing.recover_from_drill(ended);
	end loop;
end
$$;

revoke execute on function eventing.missed_in_drill(text), eventing.recover_from_drill(text), eventing.recover_from_ended_drills() from public;
grant execute on function eventing.missed_in_drill(text), eventing.recover_from_drill(text) to bodega_event_log;
grant execute on function eventing.recover_from_ended_drills() to bodega_relay;
