alter table model add column released_at bigint;
alter table model add column deprecated_at bigint;
alter table model add column retires_at bigint;
alter table model add column replacement text;
create table release_wave(
    id text primary key,
    model text not null references model(id),
    begins_at bigint not null,
    channels text,
    countries text,
    organisations text,
    projects text,
    families text
);
