create table stored_response(
    project text not null,
    id text not null,
    end_customer text not null,
    created_at bigint not null,
    input text not null,
    response text not null,
    primary key(project, id)
);
create index stored_response_by_time on stored_response(created_at);
