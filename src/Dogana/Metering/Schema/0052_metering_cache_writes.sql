alter table usage_record add column cache_write_tokens bigint not null default 0;
alter table usage_record add column upstream text;
