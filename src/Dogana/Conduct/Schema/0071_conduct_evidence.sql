create table conduct_evidence(
    case_id text primary key references conduct_case(id),
    hash text not null,
    customer_hash text not null,
    bundle text,
    customer_bundle text,
    frozen_at bigint not null
);
create table conduct_excerpt(
    case_id text not null references conduct_case(id),
    number bigint not null,
    call_id text not null,
    at bigint not null,
    hash text not null,
    body text,
    primary key(case_id, number)
);
