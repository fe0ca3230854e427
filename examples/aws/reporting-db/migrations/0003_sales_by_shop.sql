-- no transaction
CREATE INDEX CONCURRENTLY sales_by_shop ON sales (shop, sold_at);
