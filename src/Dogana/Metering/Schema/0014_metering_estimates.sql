alter table usage_record add column is_estimated bigint not null default 0;
