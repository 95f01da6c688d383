alter table deployment add column filter_policy text;
