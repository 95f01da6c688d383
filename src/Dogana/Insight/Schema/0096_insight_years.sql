drop table revenue_month;
drop table revenue_customer;
drop table revenue_model;
delete from insight_mark where name <> 'alerts' and name <> 'usage_day';
create table revenue_party(
    number bigint primary key,
    organisation text not null unique
);
create table revenue_year(
    year bigint not null,
    is_shift bigint not null,
    party bigint not null,
    seller text not null,
    channel text not null,
    model text not null,
    kind text not null,
    currency text not null,
    m01 bigint not null,
    m02 bigint not null,
    m03 bigint not null,
    m04 bigint not null,
    m05 bigint not null,
    m06 bigint not null,
    m07 bigint not null,
    m08 bigint not null,
    m09 bigint not null,
    m10 bigint not null,
    m11 bigint not null,
    m12 bigint not null,
    q01 bigint not null,
    q02 bigint not null,
    q03 bigint not null,
    q04 bigint not null,
    q05 bigint not null,
    q06 bigint not null,
    q07 bigint not null,
    q08 bigint not null,
    q09 bigint not null,
    q10 bigint not null,
    q11 bigint not null,
    q12 bigint not null,
    primary key(year, party, is_shift, seller, channel, model, kind, currency)
);
create table revenue_customer(
    year bigint not null,
    is_shift bigint not null,
    party bigint not null,
    seller text not null,
    channel text not null,
    currency text not null,
    m01 bigint not null,
    m02 bigint not null,
    m03 bigint not null,
    m04 bigint not null,
    m05 bigint not null,
    m06 bigint not null,
    m07 bigint not null,
    m08 bigint not null,
    m09 bigint not null,
    m10 bigint not null,
    m11 bigint not null,
    m12 bigint not null,
    primary key(year, party, is_shift, seller, channel, currency)
);
create index revenue_customer_by_party on revenue_customer(party);
create table revenue_model(
    month text not null,
    service_month text not null,
    seller text not null,
    channel text not null,
    model text not null,
    kind text not null,
    currency text not null,
    micro bigint not null,
    quantity bigint not null,
    primary key(month, service_month, seller, channel, model, kind, currency)
);
