alter table conduct_setting add column appeal_decision_days bigint not null default 30;
