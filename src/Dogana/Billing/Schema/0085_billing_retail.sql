create table reseller(
    organisation text primary key,
    since bigint not null
);
create table unrated_retail(
    usage_source text not null,
    usage_id text not null,
    meter text not null,
    run text not null,
    ingest_sequence bigint not null,
    organisation text not null,
    end_customer text not null,
    channel text not null,
    model text not null,
    event_at bigint not null,
    quantity bigint not null,
    reason text not null,
    detail text not null,
    primary key(usage_source, usage_id, meter)
);
create index unrated_retail_by_run on unrated_retail(run);
create index unrated_retail_by_ingest on unrated_retail(ingest_sequence);
