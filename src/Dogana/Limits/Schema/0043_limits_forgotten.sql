create table forgotten_hold(
    node text not null,
    limit_id text not null,
    window_number bigint not null,
    amount bigint not null,
    amount_parts bigint not null,
    charged_at bigint not null,
    primary key(node, limit_id, window_number)
);
