CREATE TABLE sales (
  id text PRIMARY KEY,
  shop text NOT NULL,
  cents bigint NOT NULL CHECK (cents > 0)
);
