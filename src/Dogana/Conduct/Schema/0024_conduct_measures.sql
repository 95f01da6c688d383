alter table measure rename column family to organisation;
drop index measure_by_family;
create index measure_by_organisation on measure(organisation, owner);
alter table measure add column models text not null default '*';
alter table measure add column channels text not null default '*';
alter table measure add column requests_per_minute bigint;
alter table measure add column tokens_per_day bigint;
alter table measure add column proposed_at bigint not null default 0;
alter table measure add column approved_by text;
alter table measure add column approved_at bigint;
alter table measure add column urgency text;
alter table measure add column ends_at bigint;
alter table measure add column lift_reason text;
alter table measure add column rejected_at bigint;
alter table measure add column rejected_by text;
update measure set proposed_at = starts_at, approved_by = proposed_by, approved_at = starts_at, urgency = 'before approvals were recorded';
create table measure_member(
    measure text not null references measure(id),
    organisation text not null,
    basis text not null,
    added_at bigint not null,
    released_at bigint,
    released_by text,
    release_reason text,
    primary key(measure, organisation)
);
insert into measure_member(measure, organisation, basis, added_at)
with recursive family(measure, organisation, added_at) as (
    select id, organisation, starts_at from measure where lifted_at is null
    union
    select family.measure, organisation.id, family.added_at from family join organisation on organisation.parent = family.organisation
)
select measure, organisation, 'of its corporate family when members were first recorded', added_at from family;
create table measure_decision(
    measure text not null references measure(id),
    channel text not null references channel(id),
    decision text not null,
    reason text not null,
    decided_by text not null,
    decided_at bigint not null,
    primary key(measure, channel)
);
