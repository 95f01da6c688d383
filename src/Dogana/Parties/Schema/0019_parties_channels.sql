alter table agreement add column review_hours bigint;
alter table agreement add column end_customers text not null default 'Key, Header';
alter table agreement add column upstreams text;
alter table project add column country text;
alter table project add column resells bigint not null default 0;
create table project_move(
    project text not null references project(id),
    channel text not null references channel(id),
    at bigint not null,
    primary key(project, at)
);
