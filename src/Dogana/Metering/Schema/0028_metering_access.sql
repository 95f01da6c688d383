alter table usage_record add column tags text;
alter table usage_record add column service_tier text not null default 'Standard';
alter table usage_record add column spilled_from text;
alter table usage_record add column unit_minutes bigint not null default 0;
alter table usage_record add column charge_currency text;
alter table usage_record add column charge_micro bigint not null default 0;
alter table usage_record add column charge_pico bigint not null default 0;
