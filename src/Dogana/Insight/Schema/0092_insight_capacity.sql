create table capacity_pool(
    id text primary key,
    currency text not null,
    capital_micro bigint not null,
    capital_pico bigint not null,
    residual_micro bigint not null,
    residual_pico bigint not null,
    life_months bigint not null,
    running_micro bigint not null,
    running_pico bigint not null,
    tokens_month bigint not null,
    effective_from bigint not null,
    upstreams text not null,
    models text not null
);
