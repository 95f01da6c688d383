create table conduct_setting(
    owner text primary key,
    observe_only bigint not null,
    signal_days bigint not null,
    question_days bigint not null,
    triage_hours bigint not null,
    cure_days bigint not null,
    appeal_days bigint not null,
    interim_throttle_hours bigint not null,
    interim_requests_per_minute bigint,
    retention_days bigint not null
);
