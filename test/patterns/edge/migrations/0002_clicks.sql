-- Who clicked; a trigger keeps the count.
ALTER TABLE links ADD COLUMN clicks INTEGER NOT NULL DEFAULT 0;
CREATE TABLE clicks (slug TEXT NOT NULL, at TEXT NOT NULL);
CREATE TRIGGER count_click AFTER INSERT ON clicks BEGIN
  UPDATE links SET clicks = clicks + 1 WHERE slug = new.slug;
END;
