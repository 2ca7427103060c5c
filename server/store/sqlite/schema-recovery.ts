// Version 3: how far recovery has come in each organization, which messages came from the provider's list, and sent
// ones in the order of their claims.
export const recoveryTables = `
ALTER TABLE messages ADD COLUMN listed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX messages_sent ON messages (org_id, claimed_at, id) WHERE claimed_at IS NOT NULL;
CREATE TABLE recoveries (
  org_id TEXT NOT NULL PRIMARY KEY,
  started_at INTEGER NOT NULL,
  position INTEGER NOT NULL,
  statuses_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`
