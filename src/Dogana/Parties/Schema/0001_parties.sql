create table organisation(
    id text primary key,
    name text not null,
    country text not null,
    time_zone text not null,
    parent text references organisation(id)
);
create table channel(
    id text primary key,
    name text not null,
    kind text not null,
    seller text not null references organisation(id)
);
create table agreement(
    id text primary key,
    owner text not null references organisation(id),
    channel text not null references channel(id),
    measures text not null,
    unique(owner, channel)
);
create table project(
    id text primary key,
    organisation text not null references organisation(id),
    channel text not null references channel(id)
);
