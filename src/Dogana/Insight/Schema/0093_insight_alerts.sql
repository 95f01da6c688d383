create table insight_alert(
    id text primary key,
    measure text not null,
    comparison text not null,
    threshold text not null,
    tells text not null,
    axis text not null,
    months bigint not null,
    currency text,
    seller text,
    channel text,
    owner text,
    series text,
    crossings bigint not null default 0,
    is_crossed bigint not null default 0,
    value text,
    evaluated_at bigint
);
