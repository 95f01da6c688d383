create table usage_terms(
    id text primary key,
    name text not null,
    owner text not null references organisation(id),
    models text,
    channels text
);
create table usage_terms_version(
    terms text not null references usage_terms(id),
    version text not null,
    effective_from bigint not null,
    accept_by bigint,
    text_url text,
    text_sha256 text,
    serve bigint not null,
    log bigint not null,
    evaluate bigint not null,
    train bigint not null,
    competing_models bigint not null,
    note text,
    published_at bigint not null,
    primary key(terms, version),
    unique(terms, effective_from)
);
create table usage_terms_acceptance(
    terms text not null,
    organisation text not null references organisation(id),
    version text not null,
    accepted_by text not null,
    accepted_at bigint not null,
    actor text not null,
    primary key(terms, organisation, version),
    foreign key(terms, version) references usage_terms_version(terms, version)
);
create table usage_terms_reminder(
    terms text not null,
    version text not null,
    days bigint not null,
    posted_at bigint not null,
    primary key(terms, version, days)
);
create table licence_exception(
    id text primary key,
    organisation text not null references organisation(id),
    terms text not null references usage_terms(id),
    grants text not null,
    valid_from bigint not null,
    valid_to bigint,
    approved_by text not null,
    reason text not null
);
create table declared_use(
    project text not null references project(id),
    kind text not null,
    monthly_tokens bigint not null,
    description text not null,
    valid_to bigint,
    primary key(project, kind)
);
