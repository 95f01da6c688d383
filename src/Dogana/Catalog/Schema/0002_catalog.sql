create table model(
    id text primary key,
    owner text not null references organisation(id),
    kind text not null,
    context_tokens bigint not null,
    max_output_tokens bigint not null
);
create table upstream(
    id text primary key,
    kind text not null,
    base_url text,
    secret_env text
);
create table deployment(
    name text primary key,
    model text not null references model(id),
    upstream text not null references upstream(id),
    upstream_model text not null,
    default_output_cap bigint not null
);
create table market(
    country text primary key,
    models text not null,
    channels text not null
);
