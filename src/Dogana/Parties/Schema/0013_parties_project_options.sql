alter table project add column stores_answers bigint not null default 0;
alter table project add column traces_content bigint not null default 0;
