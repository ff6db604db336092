-- A row is the lock of a list. An advisory lock of the same number could be held by any role.
create table lists (
	-- The owner's id, or 'shared'.
	list text primary key
);
