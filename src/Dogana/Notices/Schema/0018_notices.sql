create table notice(
    id text primary key,
    topic text not null,
    organisation text not null,
    subject text not null,
    body text not null,
    data text not null,
    dedup_key text not null unique,
    created_at bigint not null
);
