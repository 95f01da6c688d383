create table usage_record(
    source text not null,
    id text not null,
    ingest_sequence bigint not null unique,
    payload_hash text not null,
    project text not null,
    organisation text not null,
    channel text not null,
    key_id text not null,
    deployment text not null,
    model text not null,
    opened_at bigint not null,
    closed_at bigint not null,
    ending text not null,
    input_tokens bigint not null,
    cached_input_tokens bigint not null,
    output_tokens bigint not null,
    primary key(source, id)
);
create index usage_record_by_organisation on usage_record(organisation, opened_at);
create table journal_mark(
    node text primary key,
    segment bigint not null,
    position bigint not null
);
