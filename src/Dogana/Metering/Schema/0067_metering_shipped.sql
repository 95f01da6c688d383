create table shipped_mark(
    node text primary key,
    shipped_until bigint not null
);
