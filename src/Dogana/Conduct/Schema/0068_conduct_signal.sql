create table conduct_signal(
    id text primary key,
    organisation text not null,
    owner text not null,
    end_customer text not null,
    detector text not null,
    signature text not null,
    version text not null,
    strength text not null,
    state text not null,
    source text not null,
    recorded_at bigint not null,
    updated_at bigint not null,
    window_until bigint not null,
    case_id text,
    finding text not null
);
create index conduct_signal_by_account on conduct_signal(owner, organisation, end_customer);
create index conduct_signal_by_case on conduct_signal(case_id);
