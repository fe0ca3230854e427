CREATE TABLE documents (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  source TEXT NOT NULL,
  text TEXT NOT NULL,
  hash TEXT NOT NULL,
  -- Grows with each change; text and passages of another revision are out of date.
  revision INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  -- The revision whose passages have been written, and how many they are.
  written INTEGER NOT NULL DEFAULT 0,
  passages INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE passages (
  document TEXT NOT NULL,
  number INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (document, number)
);
