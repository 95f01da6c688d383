create table imported_charge(
    provider text not null,
    row_hash text not null,
    occurrence bigint not null,
    file_hash text not null,
    month text not null,
    currency text not null,
    billed_micro bigint not null,
    billed_pico bigint not null,
    cells text not null,
    imported_at bigint not null,
    primary key(provider, row_hash, occurrence)
);
create index imported_charge_by_month on imported_charge(month, provider);
