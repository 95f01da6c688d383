alter table project add column response_cache_seconds bigint;
