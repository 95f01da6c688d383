create table tax_rule(
    id text primary key,
    seller_country text not null,
    customer_country text not null,
    customer_has_tax_id bigint,
    category text not null,
    rate bigint not null,
    reason text,
    effective_from bigint not null
);
