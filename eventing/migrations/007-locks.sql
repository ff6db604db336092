-- The right to update or delete rows of a table is the right to lock it in every mode, and every function's handling reads the
-- drills. So the event log can update columns only; a drill that has ended has its start as its end.
revoke update, delete on eventing.dead_letters, eventing.drills from bodega_event_log;
grant update (destination, code, error, received_at, resolution) on eventing.dead_letters to bodega_event_log;
grant update (started_at, ends_at) on eventing.drills to bodega_event_log;

-- Only the trigger needs it.
revoke execute on function eventing.fail_in_drill() from public;

-- No running function needs the migrations' own tables.
revoke all on eventing.migrations, eventing.migration_lock from bodega_event_log, bodega_relay;
