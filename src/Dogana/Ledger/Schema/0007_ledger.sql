create table ledger_entry(
    number bigint primary key,
    cause text not null unique,
    effective_at bigint not null,
    recorded_at bigint not null,
    description text not null,
    previous_hash text not null,
    hash text not null
);
create table ledger_posting(
    entry bigint not null,
    line bigint not null,
    book text not null,
    kind text not null,
    party text not null,
    currency text not null,
    micro bigint not null,
    pico bigint not null,
    hash text not null,
    primary key(entry, line)
);
create index ledger_posting_by_account on ledger_posting(book, kind, party, currency);
