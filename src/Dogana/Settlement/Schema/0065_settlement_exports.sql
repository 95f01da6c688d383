create table channel_export_rule(
    id text primary key,
    channel text not null,
    format text not null,
    resource text not null,
    organisation text,
    product text,
    customer text,
    plan text,
    settle_minutes bigint not null,
    dimensions text not null,
    effective_from bigint not null,
    effective_to bigint
);
create table channel_export(
    channel text not null,
    hour bigint not null,
    resource text not null,
    dimension text not null,
    rule text not null,
    month text not null,
    units bigint not null,
    quantity bigint not null,
    state text not null,
    written_at bigint not null,
    primary key(channel, hour, resource, dimension)
);
create index channel_export_by_rule on channel_export(rule, dimension, hour);
create table channel_export_mark(
    rule text primary key,
    hour bigint not null
);
create table channel_remainder(
    rule text not null,
    dimension text not null,
    month text not null,
    statement text not null,
    units bigint not null,
    units_per_quantity bigint not null,
    primary key(rule, dimension, month, statement)
);
create index channel_remainder_by_statement on channel_remainder(statement);
