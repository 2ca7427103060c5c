// What people set up: by kind and name.
export const settingTable = `
CREATE TABLE settings (
  org_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  -- JSON
  value TEXT NOT NULL,
  rev INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, kind, name)
) STRICT, WITHOUT ROWID;
`
