alter table audit_event add column hashes text not null default '';
create table audit_checkpoint(
    size bigint primary key,
    note text not null
);
create table audit_key(
    number bigint primary key,
    public_key text not null,
    sealed_key text not null,
    created_at bigint not null
);
