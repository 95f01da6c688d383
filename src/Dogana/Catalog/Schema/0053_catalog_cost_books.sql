alter table upstream add column cost_book text;
