create table measure(
    id text primary key,
    family text not null references organisation(id),
    owner text not null references organisation(id),
    level text not null,
    reason text not null,
    proposed_by text not null,
    starts_at bigint not null,
    lifted_at bigint,
    lifted_by text
);
create index measure_by_family on measure(family, owner);
