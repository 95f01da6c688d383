create table identity_provider(
    id text primary key,
    issuer text not null,
    client_id text not null,
    secret_env text,
    public_url text,
    allowed_domains text not null,
    grants text not null
);
create table user_identity(
    provider text not null references identity_provider(id),
    subject text not null,
    email text not null references app_user(email),
    linked_at bigint not null,
    primary key(provider, subject)
);
create table oidc_attempt(
    hash text primary key,
    provider text not null references identity_provider(id),
    nonce text not null,
    verifier text not null,
    expires_at bigint not null
);
create index oidc_attempt_by_time on oidc_attempt(expires_at);
