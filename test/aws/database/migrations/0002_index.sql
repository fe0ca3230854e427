-- no transaction
CREATE INDEX CONCURRENTLY orders_by_id ON orders (id);
