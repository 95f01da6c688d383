create table stored_file(
    id text primary key,
    project text not null,
    purpose text not null,
    name text not null,
    bytes bigint not null,
    chunks bigint not null,
    created_at bigint not null,
    touched_at bigint not null,
    expires_at bigint,
    is_whole bigint not null,
    in_use bigint not null
);
create index stored_file_by_project on stored_file(project, id);
create index stored_file_by_end on stored_file(is_whole, expires_at);
create table file_chunk(
    file text not null,
    number bigint not null,
    content text not null,
    primary key(file, number)
);
