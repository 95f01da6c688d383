create table limit_refusal(
    id text primary key,
    call_id text not null,
    project text not null,
    deployment text not null,
    at bigint not null,
    limit_id text not null,
    unit text not null,
    currency text,
    amount bigint not null,
    amount_parts bigint not null,
    asked bigint not null,
    asked_parts bigint not null,
    remaining bigint,
    remaining_parts bigint,
    window_end bigint,
    code text not null,
    is_observed bigint not null
);
create index limit_refusal_by_call on limit_refusal(call_id);
create index limit_refusal_by_limit on limit_refusal(limit_id, id);
create index limit_refusal_by_time on limit_refusal(at);
