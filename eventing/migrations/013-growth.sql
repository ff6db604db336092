-- The open and the discarded dead letters, for the many questions that skip the replayed ones, which become more and more.
create index dead_letters_not_replayed on eventing.dead_letters (source, event_id, trigger) where resolution is distinct from 'replayed';
