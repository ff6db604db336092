-- The event log lists the newest events of a type, or of the types that a function handles. Those of an emitter have the primary key.
create index on eventing.events (type, id);
