create table conduct_secret(
    id text primary key,
    value text not null
);
create table conduct_sketch(
    organisation text not null,
    owner text not null,
    end_customer text not null,
    node text not null,
    state text not null,
    last_at bigint not null,
    primary key(organisation, owner, end_customer, node)
);
create index conduct_sketch_by_last_at on conduct_sketch(last_at);
create table conduct_coverage(
    hour bigint not null,
    node text not null,
    offered bigint not null,
    looked_at bigint not null,
    dropped bigint not null,
    primary key(hour, node)
);
create table conduct_indicators(
    id text primary key,
    document text not null,
    imported_at bigint not null,
    imported_by text not null
);
create table conduct_mark(
    name text primary key,
    at bigint not null
);
