create table insight_mark(
    name text primary key,
    last bigint not null
);
create table revenue_month(
    month text not null,
    service_month text not null,
    seller text not null,
    organisation text not null,
    channel text not null,
    model text not null,
    kind text not null,
    currency text not null,
    micro bigint not null,
    quantity bigint not null,
    primary key(month, organisation, seller, channel, model, kind, service_month, currency)
);
create index revenue_month_by_service on revenue_month(service_month, organisation);
create table revenue_customer(
    month text not null,
    seller text not null,
    organisation text not null,
    channel text not null,
    currency text not null,
    micro bigint not null,
    primary key(month, organisation, seller, channel, currency)
);
create index revenue_customer_by_organisation on revenue_customer(organisation, month);
create table revenue_model(
    month text not null,
    seller text not null,
    channel text not null,
    model text not null,
    kind text not null,
    currency text not null,
    micro bigint not null,
    quantity bigint not null,
    primary key(month, seller, channel, model, kind, currency)
);
create table usage_day(
    day text not null,
    seller text not null,
    channel text not null,
    model text not null,
    currency text not null,
    micro bigint not null,
    pico bigint not null,
    quantity bigint not null,
    primary key(day, seller, channel, model, currency)
);
