create table app_user(
    email text primary key,
    password_hash text,
    is_disabled bigint not null,
    totp_secret text,
    totp_confirmed_at bigint,
    totp_last_step bigint not null,
    created_at bigint not null,
    created_by text not null
);
create table user_grant(
    email text not null references app_user(email),
    role text not null,
    scope text not null,
    granted_at bigint not null,
    granted_by text not null,
    accepted_at bigint,
    primary key(email, role, scope)
);
create index user_grant_by_scope on user_grant(scope, email);
create table user_invitation(
    hash text primary key,
    email text not null references app_user(email),
    role text,
    scope text,
    expires_at bigint not null
);
create index user_invitation_by_email on user_invitation(email);
create table user_session(
    hash text primary key,
    id text not null unique,
    email text not null references app_user(email),
    created_at bigint not null,
    used_at bigint not null,
    expires_at bigint not null,
    has_second_factor bigint not null,
    grants text not null
);
create index user_session_by_email on user_session(email, created_at);
create table user_recovery_code(
    email text not null references app_user(email),
    hash text not null,
    primary key(email, hash)
);
create table sign_in_failure(
    id text primary key,
    subject text not null,
    at bigint not null
);
create index sign_in_failure_by_subject on sign_in_failure(subject, at);
create index sign_in_failure_by_time on sign_in_failure(at);
