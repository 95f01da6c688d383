create table price_book(
    id text primary key,
    name text not null,
    currency text not null
);
create table price_book_version(
    book text not null references price_book(id),
    effective_from bigint not null,
    published_at bigint not null,
    primary key(book, effective_from)
);
create table price(
    book text not null,
    effective_from bigint not null,
    model text not null,
    meter text not null,
    amount_micro bigint not null,
    amount_pico bigint not null,
    per bigint not null,
    primary key(book, effective_from, model, meter),
    foreign key(book, effective_from) references price_book_version(book, effective_from)
);
