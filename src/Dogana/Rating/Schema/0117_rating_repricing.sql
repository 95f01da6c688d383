create table price_repricing(
    number bigint primary key,
    book text not null,
    effective_from bigint not null,
    effective_to bigint,
    accrued_to bigint not null,
    retried_to bigint not null,
    rated_to bigint not null,
    first_sequence bigint not null,
    last_sequence bigint not null,
    done_to bigint not null,
    foreign key(book, effective_from) references price_book_version(book, effective_from)
);
create unique index price_repricing_by_version on price_repricing(book, effective_from);
insert into price_repricing(number, book, effective_from, accrued_to, retried_to, rated_to, first_sequence, last_sequence, done_to)
    select row_number() over (order by v.published_at, v.book, v.effective_from), v.book, v.effective_from, 0, 0, 0, 1, 0, 0
    from price_book_version v join price_book b on b.id = v.book where v.is_retroactive = 1 and b.kind = 'Sale';
