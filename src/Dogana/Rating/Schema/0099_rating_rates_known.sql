alter table exchange_rate add column published_after bigint;
