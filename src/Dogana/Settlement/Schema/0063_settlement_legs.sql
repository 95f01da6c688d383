create table share_leg(
    agreement text not null,
    id text not null,
    payer text not null,
    payee text not null,
    channel text,
    owner text,
    models text not null,
    tiers text not null,
    basis text not null,
    currency text,
    cap_micro bigint,
    cap_pico bigint,
    minimum_micro bigint,
    minimum_pico bigint,
    minimum_period text,
    effective_from bigint not null,
    effective_to bigint,
    primary key(agreement, id)
);
insert into share_leg(agreement, id, payer, payee, channel, models, tiers, basis, effective_from, effective_to)
select id, id, payer, payee, channel, '[]', '[{"UpTo":null,"BasisPoints":' || cast(basis_points as text) || '}]', 'Net', effective_from, effective_to from share_agreement;
drop table share_agreement;
drop table share_line;
create table share_line(
    agreement text not null,
    leg text not null,
    document text not null,
    part text not null,
    line bigint not null,
    statement text not null,
    place bigint not null,
    month text not null,
    currency text not null,
    service_end bigint not null,
    basis_micro bigint not null,
    basis_pico bigint not null,
    share_micro bigint not null,
    share_pico bigint not null,
    primary key(agreement, leg, document, part, line)
);
create index share_line_by_statement on share_line(statement, place);
create table guarantee_line(
    agreement text not null,
    leg text not null,
    statement text not null,
    from_month text not null,
    to_month text not null,
    periods bigint not null,
    currency text not null,
    micro bigint not null,
    pico bigint not null,
    primary key(agreement, leg, to_month)
);
create table settlement_payment(
    number bigint primary key,
    payer text not null,
    payee text not null,
    reference text not null,
    currency text not null,
    micro bigint not null,
    pico bigint not null,
    paid_on text not null,
    recorded_at bigint not null,
    actor text not null,
    unique(payer, payee, reference)
);
create table payment_line(
    payment bigint primary key,
    statement text not null
);
create table statements_of_an_earlier_build(
    documents bigint not null,
    constraint statements_of_an_earlier_build_cannot_be_carried_over_begin_a_new_store check(documents = 0)
);
insert into statements_of_an_earlier_build select count(*) from partner_statement;
drop table statements_of_an_earlier_build;
drop table partner_statement;
create table partner_statement(
    number text primary key,
    pair text not null,
    pair_sequence bigint not null,
    payer text not null,
    payee text not null,
    month text not null,
    currency text not null,
    issued_at bigint not null,
    accruals_micro bigint not null,
    accruals_pico bigint not null,
    clawbacks_micro bigint not null,
    clawbacks_pico bigint not null,
    paid_micro bigint not null,
    paid_pico bigint not null,
    closing_micro bigint not null,
    closing_pico bigint not null,
    document text not null,
    hash text not null,
    unique(pair, pair_sequence),
    unique(pair, month, currency)
);
