create table own_meter(
    id text primary key,
    unit text not null,
    aggregation text not null,
    event_type text not null unique,
    value_field text not null,
    dimensions text not null,
    time_window text not null,
    is_used bigint not null default 0
);
