CREATE TABLE links (
  slug TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  expires_at TEXT,
  clicks INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX links_by_expiry ON links (expires_at);
