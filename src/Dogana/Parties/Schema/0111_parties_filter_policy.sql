alter table project add column filter_policy text;
