alter table organisation add column weight bigint not null default 1;
alter table project add column service_tier text not null default 'standard';
alter table project add column may_use_priority bigint not null default 0;
