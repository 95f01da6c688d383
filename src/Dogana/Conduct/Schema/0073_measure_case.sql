alter table measure add column case_id text;
