create table conduct_case(
    id text primary key,
    organisation text not null,
    owner text not null,
    end_customer text not null,
    state text not null,
    created_at bigint not null,
    due_at bigint,
    erase_at bigint,
    body text not null
);
create index conduct_case_by_account on conduct_case(owner, organisation, end_customer);
create index conduct_case_due on conduct_case(due_at);
create index conduct_case_erase on conduct_case(erase_at);
create table conduct_case_event(
    case_id text not null references conduct_case(id),
    sequence bigint not null,
    at bigint not null,
    actor text not null,
    person text not null,
    side text not null,
    kind text not null,
    channel text,
    body text not null,
    primary key(case_id, sequence)
);
