create table share_agreement(
    id text primary key,
    payer text not null,
    payee text not null,
    channel text not null,
    basis_points bigint not null,
    effective_from bigint not null,
    effective_to bigint
);
create table settlement_close(
    month text primary key,
    closed_at bigint not null,
    actor text not null
);
create table share_line(
    agreement text not null,
    invoice text not null,
    statement text not null,
    net_micro bigint not null,
    net_pico bigint not null,
    share_micro bigint not null,
    share_pico bigint not null,
    primary key(agreement, invoice)
);
create table partner_statement(
    number text primary key,
    agreement text not null,
    agreement_sequence bigint not null,
    payer text not null,
    payee text not null,
    month text not null,
    currency text not null,
    issued_at bigint not null,
    accruals_micro bigint not null,
    accruals_pico bigint not null,
    closing_micro bigint not null,
    closing_pico bigint not null,
    document text not null,
    hash text not null,
    unique(agreement, agreement_sequence),
    unique(agreement, month, currency)
);
