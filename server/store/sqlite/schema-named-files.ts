// Version 18: which files a message names, by the hash of their bytes. Written by triggers, so that no writer can forget it.
const namedBy = (row: string) => `INSERT OR IGNORE INTO named_files (hash, message_id)
  SELECT value ->> 'hash', ${row}.id FROM json_each(${row}.media) WHERE value ->> 'hash' IS NOT NULL`

export const namedFiles = `
CREATE TABLE named_files (
  hash TEXT NOT NULL,
  message_id TEXT NOT NULL,
  PRIMARY KEY (hash, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX named_files_by_message ON named_files (message_id);
INSERT INTO named_files (hash, message_id)
  SELECT DISTINCT item.value ->> 'hash', m.id FROM messages m, json_each(m.media) item
  WHERE m.media IS NOT NULL AND item.value ->> 'hash' IS NOT NULL;
CREATE TRIGGER named_files_new AFTER INSERT ON messages WHEN NEW.media IS NOT NULL BEGIN
  ${namedBy('NEW')};
END;
CREATE TRIGGER named_files_changed AFTER UPDATE OF media ON messages BEGIN
  DELETE FROM named_files WHERE message_id = OLD.id;
  ${namedBy('NEW')};
END;
CREATE TRIGGER named_files_gone AFTER DELETE ON messages WHEN OLD.media IS NOT NULL BEGIN
  DELETE FROM named_files WHERE message_id = OLD.id;
END;
`
