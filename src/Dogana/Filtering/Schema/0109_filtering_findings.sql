create table filter_finding(
    hour_at bigint not null,
    project text not null,
    policy text not null,
    source text not null,
    category text not null,
    severity text not null,
    is_filtered bigint not null,
    count bigint not null,
    primary key(hour_at, project, policy, source, category, severity, is_filtered)
);
