create table quota(
    id text primary key,
    organisation text not null,
    model text not null,
    region text not null,
    tokens_per_minute bigint not null,
    window_kind text not null,
    request_slice_seconds bigint not null,
    mode text not null,
    unique(organisation, model, region)
);
create table quota_allotment(
    quota text not null references quota(id),
    position bigint not null,
    deployment text not null,
    project text,
    tokens_per_minute bigint not null,
    primary key(quota, position)
);
