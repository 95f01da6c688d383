create table batch(
    id text primary key,
    project text not null,
    key_id text not null,
    dialect text not null,
    end_customer text,
    tags text,
    country text,
    address text,
    endpoint text not null,
    input_file text not null,
    metadata text,
    output_kept_seconds bigint,
    model text,
    status text not null,
    ends_as text,
    errors text,
    total bigint not null,
    completed bigint not null,
    failed bigint not null,
    created_at bigint not null,
    expires_at bigint not null,
    in_progress_at bigint,
    cancelling_at bigint,
    finalizing_at bigint,
    ended_at bigint,
    output_file text,
    error_file text,
    is_open bigint not null,
    node text,
    fence bigint not null,
    lease_until bigint not null
);
create index batch_by_project on batch(project, id);
create index batch_by_open on batch(is_open, id);
create table batch_block(
    batch text not null,
    number bigint not null,
    first_line bigint not null,
    lines bigint not null,
    requests bigint not null,
    place bigint not null,
    bytes bigint not null,
    is_done bigint not null,
    not_before bigint not null,
    node text,
    fence bigint not null,
    lease_until bigint not null,
    primary key(batch, number)
);
create index batch_block_by_node on batch_block(node);
create table batch_answer(
    batch text not null,
    line bigint not null,
    call text not null,
    node text not null,
    is_final bigint not null,
    is_error bigint not null,
    content text not null,
    primary key(batch, line)
);
create index batch_answer_by_node on batch_answer(is_final, node);
