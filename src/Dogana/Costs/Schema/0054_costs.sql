create table cost_mark(
    name text primary key,
    ingest_sequence bigint not null
);
create table cost_line(
    number bigint primary key,
    seller text not null,
    upstream text not null,
    model text not null,
    meter text not null,
    hour_at bigint not null,
    price_book text not null,
    price_from bigint not null,
    price_meter text not null,
    price_key text not null,
    quantity bigint not null,
    currency text not null,
    micro bigint not null,
    pico bigint not null,
    first_sequence bigint not null,
    last_sequence bigint not null,
    cause text not null
);
create index cost_line_time on cost_line(hour_at, upstream);
create table uncosted(
    number bigint primary key,
    seller text not null,
    upstream text not null,
    model text not null,
    meter text not null,
    hour_at bigint not null,
    quantity bigint not null,
    reason text not null,
    first_sequence bigint not null,
    last_sequence bigint not null
);
create index uncosted_time on uncosted(hour_at, upstream);
