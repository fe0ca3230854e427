CREATE TABLE orders (
  id TEXT PRIMARY KEY,
  customer_id TEXT NOT NULL,
  status TEXT NOT NULL,
  lines TEXT NOT NULL,
  placed_at TEXT NOT NULL
);
CREATE INDEX orders_by_customer ON orders (customer_id, placed_at);

-- One row per customer and Idempotency-Key: which order came of it, and of which lines.
CREATE TABLE requests (
  customer_id TEXT NOT NULL,
  key TEXT NOT NULL,
  lines TEXT NOT NULL,
  order_id TEXT NOT NULL,
  PRIMARY KEY (customer_id, key)
);
