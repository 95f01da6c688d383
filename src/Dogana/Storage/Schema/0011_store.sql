create table store_setting(
    name text primary key,
    value text not null
);
