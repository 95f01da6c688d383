create table market_rule(
    id text primary key,
    effect text not null,
    countries text,
    models text,
    owners text,
    channels text,
    uses text,
    owned_from text,
    control_rule text,
    own_model bigint,
    regions text,
    labels text,
    reason text,
    source text,
    valid_from bigint,
    valid_to bigint
);
