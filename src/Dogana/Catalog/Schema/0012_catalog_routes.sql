alter table model add column tokenizer text not null default 'Bytes';
alter table upstream add column api_version text;
alter table upstream add column region text;
alter table upstream add column on_disconnect text not null default 'Drain';
create table deployment_route(
    deployment text not null,
    position bigint not null,
    upstream text not null references upstream(id),
    upstream_model text not null,
    priority bigint not null,
    weight bigint not null,
    primary key(deployment, position)
);
insert into deployment_route(deployment, position, upstream, upstream_model, priority, weight)
    select name, 1, upstream, upstream_model, 1, 1 from deployment;
create table deployment_next(
    name text primary key,
    model text not null references model(id),
    default_output_cap bigint not null,
    requests_per_minute bigint,
    tokens_per_minute bigint
);
insert into deployment_next(name, model, default_output_cap) select name, model, default_output_cap from deployment;
drop table deployment;
alter table deployment_next rename to deployment;
