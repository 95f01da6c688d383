alter table model add column requests_per_thousand_tokens text;
alter table deployment add column region text not null default 'global';
