create table token_issuer(
    id text primary key,
    issuer text not null,
    audience text not null,
    keys_url text,
    discovery_url text,
    clock_skew_seconds bigint not null,
    projects text not null,
    unique(issuer, audience)
);
