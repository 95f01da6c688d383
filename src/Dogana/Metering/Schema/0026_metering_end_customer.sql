alter table usage_record add column end_customer text;
