-- The order of the list by title, in the collation that its query names.
create index movies_by_title on movies (title collate "und-x-icu", id);
