create table filter_provider(
    id text primary key,
    url text not null,
    secret_env text,
    time_limit_ms bigint not null
);
create table block_list(
    id text primary key,
    terms text not null,
    patterns text not null
);
create table filter_policy(
    id text primary key,
    mode text not null,
    on_failure text not null,
    annotates_always bigint not null,
    provider text
);
create table filter_rule(
    policy text not null,
    category text not null,
    source text not null,
    threshold text not null,
    is_blocking bigint not null,
    primary key(policy, category, source)
);
create table filter_policy_list(
    policy text not null,
    position bigint not null,
    block_list text not null,
    source text not null,
    is_blocking bigint not null,
    primary key(policy, position)
);
