create table insight_series(
    name text primary key,
    unit text not null,
    step bigint not null,
    source text not null,
    imported_at bigint not null,
    actor text not null
);
create table insight_series_value(
    name text not null,
    month text not null,
    micro bigint not null,
    pico bigint not null,
    primary key(name, month)
);
create table insight_guidance(
    series text not null,
    quarter text not null,
    unit text not null,
    low_micro bigint not null,
    low_pico bigint not null,
    high_micro bigint not null,
    high_pico bigint not null,
    source text not null,
    set_at bigint not null,
    actor text not null,
    primary key(series, quarter)
);
