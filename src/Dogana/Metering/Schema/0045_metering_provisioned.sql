alter table usage_record add column is_provisioned bigint not null default 0;
alter table usage_record add column reserved_unit_minutes bigint not null default 0;
create index usage_record_provisioned on usage_record(deployment, opened_at) where is_provisioned = 1;
