alter table organisation add column tax_id text;
alter table organisation add column street text;
alter table organisation add column postal_code text;
alter table organisation add column city text;
alter table organisation add column invoice_email text;
