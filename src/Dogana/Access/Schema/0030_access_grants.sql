alter table api_key add column grants text;
alter table api_key add column owner_user text;
