-- Nothing here resolves a name by the path of the role that calls it: a standard body is resolved once, when it is created.

create or replace function eventing.current_function() returns text language sql stable
begin atomic
	select replace(substr(current_user, length('bodega_') + 1), '_', '-');
end;

-- Whether the outbox has an event with exactly this content. A broker does not authenticate who publishes, so a consumer
-- asks before it believes. Runs as its owner, because a consumer can read only its own events.
create function eventing.is_emitted(source text, id text, type text, subject text, data jsonb) returns boolean
	language sql stable security definer
begin atomic
	select exists (select from eventing.events e
		where (e.source, e.id) = (is_emitted.source, is_emitted.id)
		and (e.type, e.subject, e.data) = (is_emitted.type, is_emitted.subject, is_emitted.data));
end;
revoke execute on function eventing.is_emitted(text, text, text, text, jsonb) from public;

-- How many deliveries each trigger has refused, because the outbox has no such event.
create table eventing.refusals (
	trigger text primary key,
	count bigint not null,
	last_at timestamptz not null default now()
);
alter table eventing.refusals enable row level security;
create policy consumer on eventing.refusals
	using (trigger in (select name from eventing.triggers where function = eventing.current_function()))
	with check (trigger in (select name from eventing.triggers where function = eventing.current_function()));

-- For monitoring, which sees no event.
create view eventing.refusal_health as
	select t.name as trigger, coalesce(r.count, 0) as refused
	from eventing.triggers t left join eventing.refusals r on r.trigger = t.name;
