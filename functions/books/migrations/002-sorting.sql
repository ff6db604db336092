-- The orders of the list, in the collation that its queries name.
create index books_by_title on books (title collate "und-x-icu", id);
create index books_by_author on books (author collate "und-x-icu", id);
create index books_by_price on books (price, id);
