create table ring_key(
    id text primary key,
    sealed text not null,
    created_at bigint not null,
    expires_at bigint not null
);
