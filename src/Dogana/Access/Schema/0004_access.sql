create table api_key(
    id text primary key,
    kind text not null,
    project text references project(id),
    name text not null,
    hash text not null,
    created_at bigint not null,
    expires_at bigint,
    revoked_at bigint
);
