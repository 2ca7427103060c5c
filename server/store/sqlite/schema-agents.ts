// Tables of agents: who was here, what they chose, where their browsers hear of messages; and what is kept once.

export const agentTables = `
CREATE TABLE agents (
  org_id TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  presence TEXT NOT NULL DEFAULT 'online',
  settings TEXT NOT NULL DEFAULT '{}',
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX agents_by_seen ON agents (org_id, seen_at);

CREATE TABLE push_subscriptions (
  org_id TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  -- JSON list of records; NULL: all of them.
  scope TEXT,
  locale TEXT NOT NULL,
  page TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, endpoint)
) STRICT, WITHOUT ROWID;

CREATE TABLE kept (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`
