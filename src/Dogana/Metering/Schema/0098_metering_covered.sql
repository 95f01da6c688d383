alter table usage_record add column covered_unit_minutes bigint;
