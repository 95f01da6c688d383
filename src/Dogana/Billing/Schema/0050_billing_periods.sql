create table lines_of_an_earlier_build(
    lines bigint not null,
    constraint lines_of_an_earlier_build_cannot_be_carried_over_begin_a_new_store check(lines = 0)
);
insert into lines_of_an_earlier_build select count(*) from rated_line;
drop table lines_of_an_earlier_build;
drop table rated_line;
drop table period_close;
alter table contract add column terms text;
create index contract_by_organisation on contract(organisation);
alter table unrated add column rated_by text;
create index unrated_by_run on unrated(rated_by);
alter table invoice add column rated_to bigint not null default 0;
create table rated_line(
    number bigint primary key,
    cause text not null,
    seller text not null,
    organisation text not null,
    channel text not null,
    contract text not null,
    period_start bigint not null,
    hour bigint not null,
    model text not null,
    meter text not null,
    price_book text not null,
    price_from bigint not null,
    price_key text not null,
    is_resale bigint not null,
    records bigint not null,
    quantity bigint not null,
    currency text not null,
    micro bigint not null,
    pico bigint not null,
    first_sequence bigint not null,
    last_sequence bigint not null
);
create index rated_line_by_period on rated_line(contract, period_start, number);
create index rated_line_by_sequence on rated_line(last_sequence);
create index rated_line_by_cause on rated_line(cause);
create table rated_total(
    contract text not null,
    period_start bigint not null,
    model text not null,
    meter text not null,
    price_book text not null,
    price_from bigint not null,
    price_key text not null,
    quantity bigint not null,
    micro bigint not null,
    pico bigint not null,
    primary key(contract, period_start, model, meter, price_book, price_from, price_key)
);
create table billing_period(
    contract text not null,
    period_start bigint not null,
    rated_to bigint not null,
    billed_to bigint not null,
    primary key(contract, period_start)
);
create index billing_period_open on billing_period(contract, period_start) where billed_to < rated_to;
create table accrual_run(
    last_sequence bigint primary key,
    first_sequence bigint not null,
    cause text not null,
    digest text not null
);
create table period_close(
    month text primary key,
    started_at bigint not null,
    actor text not null,
    rated_to bigint not null,
    ingest_sequence bigint not null,
    contract text not null,
    documents bigint not null,
    closed_at bigint
);
create table prepayment(
    contract text not null,
    id text not null,
    seller text not null,
    organisation text not null,
    currency text not null,
    invoice text,
    granted_at bigint not null,
    ended_at bigint,
    primary key(contract, id)
);
create index prepayment_by_customer on prepayment(seller, organisation, currency);
create table prepayment_use(
    contract text not null,
    id text not null,
    invoice text not null,
    micro bigint not null,
    pico bigint not null,
    primary key(contract, id, invoice)
);
create index prepayment_use_by_invoice on prepayment_use(invoice);
