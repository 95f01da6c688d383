create table waiting_document(
    month text not null,
    contract text not null,
    problem text not null,
    message text not null,
    since bigint not null,
    primary key(month, contract)
);
create index waiting_document_by_contract on waiting_document(contract);
