create table retention_rule(
    name text primary key,
    days bigint not null
);
