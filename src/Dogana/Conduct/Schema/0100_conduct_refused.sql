alter table conduct_coverage add column refused bigint not null default 0;
