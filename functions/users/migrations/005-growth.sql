-- The few admins among all accounts, and what the night deletes.
create index users_admin on users (id) where 'admin' = any (roles);
create index sessions_expired on sessions (expires_at);
create index refresh_tokens_used on refresh_tokens (used_at);
