alter table deployment add column observes_limits bigint not null default 0;
