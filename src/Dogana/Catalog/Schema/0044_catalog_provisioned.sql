create table provisioned_offer(
    model text not null references model(id),
    type text not null,
    minimum bigint not null,
    increment bigint not null,
    tokens_per_minute bigint not null,
    output_ratio text not null,
    primary key(model, type)
);
alter table deployment add column type text not null default 'Standard';
alter table deployment add column units bigint not null default 0;
alter table deployment add column project text;
alter table deployment add column spillover text;
create table provisioned_span(
    deployment text not null,
    from_at bigint not null,
    to_at bigint,
    project text not null,
    model text not null,
    type text not null,
    region text not null,
    units bigint not null,
    primary key(deployment, from_at)
);
create table unit_quota(
    organisation text not null references organisation(id),
    type text not null,
    region text not null,
    units bigint not null,
    primary key(organisation, type, region)
);
create table capacity_reservation(
    id text primary key,
    organisation text not null references organisation(id),
    channel text not null references channel(id),
    type text not null,
    region text not null,
    units bigint not null,
    from_at bigint not null,
    to_at bigint not null
);
