create table budget(
    id text primary key,
    scope text not null,
    subject text not null,
    organisation text not null,
    currency text not null,
    amount bigint not null,
    amount_parts bigint not null,
    added bigint not null,
    added_parts bigint not null,
    period text not null,
    kind text not null,
    mode text not null,
    alerts text not null,
    series bigint not null,
    since bigint not null
);
create index budget_by_organisation on budget(organisation);
create table budget_top_up(
    budget text not null references budget(id),
    reference text not null,
    amount bigint not null,
    amount_parts bigint not null,
    made_at bigint not null,
    actor text not null,
    primary key(budget, reference)
);
create table budget_crossing(
    budget text not null references budget(id),
    window_number bigint not null,
    threshold text not null,
    times bigint not null,
    crossed_at bigint,
    primary key(budget, window_number, threshold)
);
