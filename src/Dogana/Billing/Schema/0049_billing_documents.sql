create table books_of_an_earlier_build(
    documents bigint not null,
    constraint books_of_an_earlier_build_cannot_be_carried_over_begin_a_new_store check(documents = 0)
);
insert into books_of_an_earlier_build select count(*) from invoice;
drop table books_of_an_earlier_build;
drop table invoice;
create table invoice(
    number text primary key,
    kind text not null,
    seller text not null,
    seller_sequence bigint not null,
    organisation text not null,
    channel text not null,
    contract text not null,
    currency text not null,
    month text not null,
    period_start bigint not null,
    period_end bigint not null,
    ingest_sequence bigint not null,
    issued_at bigint not null,
    due_at bigint not null,
    net_micro bigint not null,
    net_pico bigint not null,
    tax_micro bigint not null,
    tax_pico bigint not null,
    payable_micro bigint not null,
    payable_pico bigint not null,
    corrects text,
    document text not null,
    hash text not null,
    unique(kind, seller, seller_sequence)
);
create index invoice_by_month on invoice(month, seller, seller_sequence);
create index invoice_by_contract on invoice(contract, period_start);
create index invoice_by_organisation on invoice(organisation, channel, issued_at);
create index invoice_by_corrects on invoice(corrects);
