alter table cost_line add column run text not null default '';
alter table uncosted add column run text not null default '';
alter table uncosted add column costed_by text;
create index cost_line_by_run on cost_line(run);
create index cost_line_by_cause on cost_line(cause);
create index uncosted_by_run on uncosted(run);
create index uncosted_by_costed on uncosted(costed_by);
create index uncosted_open on uncosted(number) where costed_by is null;
create table cost_run(
    last_sequence bigint primary key,
    first_sequence bigint not null,
    run text not null
);
