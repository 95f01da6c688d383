alter table price_book add column kind text not null default 'Sale';
alter table price_book_version add column is_retroactive bigint not null default 0;
create table price_entry(
    book text not null,
    effective_from bigint not null,
    model text not null,
    meter text not null,
    service_tier text not null,
    prompt_above bigint not null,
    kind text not null,
    amount_micro bigint not null,
    amount_pico bigint not null,
    per bigint not null,
    primary key(book, effective_from, model, meter, service_tier, prompt_above),
    foreign key(book, effective_from) references price_book_version(book, effective_from)
);
insert into price_entry(book, effective_from, model, meter, service_tier, prompt_above, kind, amount_micro, amount_pico, per)
    select book, effective_from, model, meter, 'Standard', 0, 'Unit', amount_micro, amount_pico, per from price;
drop table price;
create table price_tier(
    book text not null,
    effective_from bigint not null,
    model text not null,
    meter text not null,
    service_tier text not null,
    prompt_above bigint not null,
    number bigint not null,
    up_to bigint,
    amount_micro bigint not null,
    amount_pico bigint not null,
    flat_micro bigint not null,
    flat_pico bigint not null,
    primary key(book, effective_from, model, meter, service_tier, prompt_above, number),
    foreign key(book, effective_from, model, meter, service_tier, prompt_above)
        references price_entry(book, effective_from, model, meter, service_tier, prompt_above)
);
create table exchange_rate(
    base text not null,
    quote text not null,
    effective_from bigint not null,
    rate_micro bigint not null,
    rate_pico bigint not null,
    source text not null,
    published_at bigint not null,
    primary key(base, quote, effective_from)
);
