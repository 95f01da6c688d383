create table payment(
    number text primary key,
    seller text not null,
    sequence bigint not null,
    kind text not null,
    external_id text not null,
    organisation text not null,
    currency text not null,
    micro bigint not null,
    pico bigint not null,
    paid_on text not null,
    reference text not null,
    recorded_at bigint not null,
    actor text not null,
    unique(seller, sequence),
    unique(seller, external_id)
);
create index payment_by_organisation on payment(organisation, seller, currency);
create table allocation(
    number bigint primary key,
    source text not null,
    target text not null,
    currency text not null,
    micro bigint not null,
    pico bigint not null,
    allocated_at bigint not null,
    actor text not null
);
create index allocation_by_source on allocation(source);
create index allocation_by_target on allocation(target);
create table dispute(
    number bigint primary key,
    invoice text not null,
    line bigint,
    reason text not null,
    micro bigint not null,
    pico bigint not null,
    state text not null,
    opened_at bigint not null,
    opened_by text not null,
    resolved_at bigint,
    resolved_by text,
    resolution text,
    credit_note text
);
create index dispute_by_invoice on dispute(invoice);
create table dunning_policy(
    seller text primary key,
    steps text not null
);
create table dunning_reminder(
    invoice text not null,
    level bigint not null,
    posted_at bigint not null,
    micro bigint not null,
    pico bigint not null,
    primary key(invoice, level)
);
create table document_sending(
    document text not null,
    attempt bigint not null,
    posted_at bigint not null,
    actor text not null,
    primary key(document, attempt)
);
