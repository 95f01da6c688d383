create table notice_target(
    id text primary key,
    organisation text not null,
    kind text not null,
    address text not null,
    topics text not null,
    secret text,
    previous_secret text,
    previous_until bigint,
    rests_until bigint,
    is_disabled bigint not null,
    disabled_because text,
    created_at bigint not null,
    created_by text not null
);
create index notice_target_organisation on notice_target(organisation);
create table notice_delivery(
    id text primary key,
    notice text not null references notice(id),
    target text not null references notice_target(id),
    state text not null,
    attempts bigint not null,
    next_attempt_at bigint not null,
    leased_until bigint,
    leased_by text,
    last_error text,
    delivered_at bigint
);
create index notice_delivery_due on notice_delivery(target, state, next_attempt_at);
create index notice_delivery_leased on notice_delivery(target) where leased_until is not null;
create index notice_delivery_state on notice_delivery(state, id);
create index notice_delivery_notice on notice_delivery(notice);
create index notice_delivery_delivered on notice_delivery(delivered_at) where delivered_at is not null;
alter table notice add column is_cleared bigint not null default 0;
create index notice_old on notice(created_at) where is_cleared = 0;
