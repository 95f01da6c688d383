create table node(
    name text primary key,
    life bigint not null,
    revision bigint not null,
    version text not null,
    started_at bigint not null,
    seen_at bigint not null,
    stopped_at bigint,
    forgotten_at bigint
);
create table limit_lease(
    id text primary key,
    limit_id text not null,
    window_number bigint not null,
    node text not null,
    life bigint not null,
    is_rate bigint not null,
    used bigint not null,
    used_parts bigint not null,
    free bigint not null,
    free_parts bigint not null,
    posted bigint not null,
    posted_parts bigint not null,
    since bigint not null,
    free_until bigint not null,
    ends_at bigint not null,
    is_recalled bigint not null
);
create index limit_lease_by_limit on limit_lease(limit_id);
create index limit_lease_by_node on limit_lease(node, is_recalled);
create table limit_bucket(
    limit_id text primary key,
    level bigint not null,
    level_parts bigint not null,
    as_of bigint not null
);
create table limit_spend(
    limit_id text not null,
    window_number bigint not null,
    amount bigint not null,
    amount_parts bigint not null,
    primary key(limit_id, window_number)
);
