alter table upstream add column open_calls_max bigint;
alter table upstream add column queue_max bigint not null default 256;
alter table upstream add column queue_seconds bigint not null default 30;
alter table upstream add column forwards_service_tier bigint not null default 0;
