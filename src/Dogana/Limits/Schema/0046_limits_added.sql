alter table limit_bucket add column added bigint not null default 0;
alter table limit_bucket add column added_parts bigint not null default 0;
alter table limit_lease add column lost bigint not null default 0;
alter table limit_lease add column lost_parts bigint not null default 0;
