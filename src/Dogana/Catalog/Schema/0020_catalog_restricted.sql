alter table model add column is_restricted bigint not null default 0;
