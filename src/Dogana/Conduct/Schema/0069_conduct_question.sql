create table conduct_question(
    id text primary key,
    signal text not null references conduct_signal(id),
    organisation text not null,
    owner text not null,
    end_customer text not null,
    asked_at bigint not null,
    due_at bigint not null,
    uses text,
    answer text,
    answered_by text,
    answered_at bigint,
    overdue_at bigint
);
create index conduct_question_due on conduct_question(due_at);
