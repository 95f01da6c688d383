alter table organisation add column lei text;
create table ownership_party(
    id text primary key,
    name text not null,
    kind text not null,
    country text,
    lei text
);
create table ownership_statement(
    id text primary key,
    subject text not null,
    interested_party text,
    interest text not null,
    share_min bigint not null,
    share_max bigint not null,
    from_at bigint,
    to_at bigint,
    source text not null,
    record text
);
create index ownership_statement_record on ownership_statement(record);
create table control_rule(
    id text primary key,
    owner text references organisation(id),
    threshold bigint not null,
    is_inclusive bigint not null,
    aggregates bigint not null,
    chain text not null,
    on_unknown text not null,
    links text not null,
    from_at bigint,
    to_at bigint
);
