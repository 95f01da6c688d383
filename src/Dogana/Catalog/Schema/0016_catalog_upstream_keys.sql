alter table upstream add column operations text;
create table upstream_key(
    upstream text not null references upstream(id),
    id text not null,
    position bigint not null unique,
    ciphertext text not null,
    created_at bigint not null,
    created_by text not null,
    primary key(upstream, id)
);
