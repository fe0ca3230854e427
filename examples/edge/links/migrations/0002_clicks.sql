-- One row per click, by the id of its message: a queue may deliver a message twice.
CREATE TABLE clicks (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL,
  clicked_at TEXT NOT NULL,
  country TEXT
);
CREATE INDEX clicks_by_time ON clicks (clicked_at);

CREATE TRIGGER count_click AFTER INSERT ON clicks BEGIN
  UPDATE links SET clicks = clicks + 1 WHERE slug = new.slug;
END;
