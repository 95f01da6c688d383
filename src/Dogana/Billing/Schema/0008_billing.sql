create table contract(
    id text primary key,
    organisation text not null,
    channel text not null,
    price_book text not null,
    effective_from bigint not null,
    effective_to bigint
);
create table accrual_mark(
    name text primary key,
    ingest_sequence bigint not null
);
create table rated_line(
    usage_source text not null,
    usage_id text not null,
    meter text not null,
    number bigint not null unique,
    ingest_sequence bigint not null,
    seller text not null,
    organisation text not null,
    channel text not null,
    model text not null,
    event_at bigint not null,
    quantity bigint not null,
    price_book text not null,
    price_from bigint not null,
    price_meter text not null,
    price_micro bigint not null,
    price_pico bigint not null,
    per bigint not null,
    currency text not null,
    micro bigint not null,
    pico bigint not null,
    cause text not null,
    invoice text,
    primary key(usage_source, usage_id, meter)
);
create index rated_line_open on rated_line(organisation, channel, event_at) where invoice is null;
create index rated_line_by_invoice on rated_line(invoice);
create index rated_line_by_ingest on rated_line(ingest_sequence);
create table unrated(
    usage_source text not null,
    usage_id text not null,
    meter text not null,
    number bigint not null unique,
    ingest_sequence bigint not null,
    organisation text not null,
    channel text not null,
    model text not null,
    event_at bigint not null,
    quantity bigint not null,
    reason text not null,
    detail text not null,
    primary key(usage_source, usage_id, meter)
);
create index unrated_by_ingest on unrated(ingest_sequence);
create table period_close(
    month text primary key,
    closed_at bigint not null,
    actor text not null
);
create table invoice(
    number text primary key,
    seller text not null,
    seller_sequence bigint not null,
    organisation text not null,
    channel text not null,
    currency text not null,
    month text not null,
    period_start bigint not null,
    period_end bigint not null,
    issued_at bigint not null,
    net_micro bigint not null,
    net_pico bigint not null,
    document text not null,
    hash text not null,
    unique(seller, seller_sequence),
    unique(month, seller, organisation, channel, currency)
);
