-- The event types that each function declares in `emits`. Row security lets a function write no event of another type.

create table eventing.emissions (
	function text not null,
	type text not null,
	primary key (function, type)
);

-- The migration writes the declared rows after this one. Until then the functions that run go on with what they emitted so far.
insert into eventing.emissions
	select distinct substr(source, length('/functions/') + 1), type from eventing.events where source like '/functions/%';
do $$
declare
	emitter text;
begin
	for emitter in select grantee from information_schema.role_table_grants
		where table_schema = 'eventing' and table_name = 'events' and privilege_type = 'INSERT' and grantee like 'bodega\_%'
	loop
		execute format('grant select on eventing.emissions to %I', emitter);
	end loop;
end
$$;

alter policy emitter on eventing.events
	with check (
		source = '/functions/' || eventing.current_function()
		and exists (select from eventing.emissions e
			where (e.function, e.type) = (eventing.current_function(), events.type))
	);
