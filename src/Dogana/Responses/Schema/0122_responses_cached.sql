create table cached_response(
    project text not null,
    key_hash text not null,
    created_at bigint not null,
    expires_at bigint not null,
    tokens bigint not null,
    is_estimated bigint not null,
    bytes bigint not null,
    answer text not null,
    primary key(project, key_hash)
);
create index cached_response_by_project on cached_response(project, created_at, bytes);
create index cached_response_by_time on cached_response(created_at);
create index cached_response_by_end on cached_response(expires_at);
