alter table usage_record add column meter text;
alter table usage_record add column quantity bigint not null default 0;
alter table usage_record add column event_value text;
alter table usage_record add column voids_source text;
alter table usage_record add column voids_id text;
create unique index usage_record_voids on usage_record(voids_source, voids_id) where voids_id is not null;
create index usage_record_windows on usage_record(meter, project, opened_at, event_value) where event_value is not null;
create table usage_window(
    window_key text primary key,
    quantity bigint not null,
    last_at bigint not null,
    last_source text not null,
    last_id text not null
);
create table pending_void(
    source text not null,
    id text not null,
    payload_hash text not null,
    voids_source text not null,
    voids_id text not null,
    received_at bigint not null,
    primary key(source, id),
    unique(voids_source, voids_id)
);
