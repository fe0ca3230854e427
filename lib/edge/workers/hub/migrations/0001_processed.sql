-- What subscriptions have worked on: claim is null when it is done, otherwise whose it is until when.
CREATE TABLE processed (id TEXT PRIMARY KEY, claim TEXT, until INTEGER NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX processed_expires ON processed (expires);
