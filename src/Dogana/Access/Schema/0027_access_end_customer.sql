alter table api_key add column end_customer text;
