-- The history of an event: when its last attempt began, when it was handled, why attempts failed, and which event caused it.

alter table eventing.deliveries rename column last_attempt_at to received_at;
alter table eventing.deliveries drop column first_attempt_at;
-- The failed attempts, oldest first: [{"at": "2026-01-05T09:00:00.000Z", "error": "…"}]
alter table eventing.deliveries add column failures jsonb not null default '[]';
update eventing.deliveries set failures = jsonb_build_array(jsonb_build_object(
	'at', to_char(received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'error', last_error))
	where last_error is not null;
alter table eventing.deliveries drop column last_error;

-- The id of the event whose handling emitted this one; null if no handling did.
alter table eventing.events add column cause text;
-- The trace id is the second field of a traceparent (W3C Trace Context).
create index on eventing.events (substr(traceparent, 4, 32));
