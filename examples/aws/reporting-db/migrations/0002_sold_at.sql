-- The code of before does not name the column, and goes on.
ALTER TABLE sales ADD COLUMN sold_at timestamptz NOT NULL DEFAULT now();
