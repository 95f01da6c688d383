create table idempotent_call(
    project text not null,
    key_hash text not null,
    request_hash text not null,
    call text not null unique,
    node text not null,
    created_at bigint not null,
    is_running bigint not null,
    answer_status bigint,
    answer_type text,
    answer text,
    primary key(project, key_hash)
);
create index idempotent_call_by_time on idempotent_call(created_at);
create index idempotent_call_running on idempotent_call(node, is_running);
