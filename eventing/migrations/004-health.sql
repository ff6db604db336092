-- Monitoring can read counts and ages, but no event. A view reads with its owner's rights, so monitoring needs no rights on
-- the tables.

-- An event is unhandled while a trigger has not handled it, and has no dead letter of it that waits for an admin.
create view eventing.outbox_health as
	select count(*)::int as unhandled,
		coalesce(extract(epoch from now() - min(e.time)), 0)::float8 as oldest_age_seconds,
		(select count(*)::int from eventing.events where settled_at is null) as unsettled
	from eventing.events e
	where e.settled_at is null and exists (
		select from eventing.triggers t where t.type = e.type
		and not exists (select from eventing.deliveries d
			where (d.source, d.id, d.trigger) = (e.source, e.id, t.name) and d.handled_at is not null)
		and not exists (select from eventing.dead_letters l
			where (l.source, l.event_id, l.trigger) = (e.source, e.id, t.name) and l.resolution is distinct from 'replayed'));

-- For each trigger: the failed deliveries that are retried, and the dead letters that are neither resolved nor handled. A
-- delivery without handled_at has failed, because one in progress is not committed.
create view eventing.trigger_health as
	select t.name as trigger, (
		select count(*)::int from eventing.deliveries d where d.trigger = t.name and d.handled_at is null
		and not exists (select from eventing.dead_letters l
			where (l.source, l.event_id, l.trigger) = (d.source, d.id, d.trigger) and l.resolution is distinct from 'replayed')
	) as failing, (
		select count(*)::int from eventing.dead_letters l where l.trigger = t.name and l.resolution is null
		and not exists (select from eventing.deliveries d
			where (d.source, d.id, d.trigger) = (l.source, l.event_id, l.trigger) and d.handled_at is not null)
	) as dead
	from eventing.triggers t;
create index on eventing.deliveries (trigger) where handled_at is null;
create index on eventing.dead_letters (trigger) where resolution is null;
