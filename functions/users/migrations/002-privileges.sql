-- The migration grants the view to each function that verifies tokens, so nobody else needs it.
revoke usage on schema users from public;
revoke select on access_keys from public;

-- A standard body is resolved once. A text would be resolved by the search path of each caller.
create or replace function network_of(address inet) returns cidr language sql immutable strict
begin atomic
	select network(set_masklen(address, case family(address) when 4 then 32 else 64 end));
end;
