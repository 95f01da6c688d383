create table rent_agreement(
    id text primary key,
    lessor text not null,
    lessee text not null,
    currency text not null,
    upstreams text not null,
    type text,
    versions text not null,
    units text not null,
    effective_from bigint not null,
    effective_to bigint
);
create table rent_line(
    agreement text not null,
    month text not null,
    statement text not null,
    used text not null,
    before_micro bigint not null,
    before_pico bigint not null,
    micro bigint not null,
    pico bigint not null,
    primary key(agreement, month, statement)
);
create index rent_line_by_statement on rent_line(statement);
