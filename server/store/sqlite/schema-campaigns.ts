// Campaigns, and their recipients: one of a key, looked for by when they are due, listed by their ids.
export const campaignTables = `
CREATE TABLE campaigns (
  id TEXT PRIMARY KEY,
  org_id TEXT NOT NULL,
  key TEXT NOT NULL,
  look_at INTEGER,
  created_at INTEGER NOT NULL,
  -- JSON
  campaign TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX campaigns_by_key ON campaigns (org_id, key);
CREATE INDEX campaigns_due ON campaigns (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX campaigns_by_time ON campaigns (org_id, created_at, id);
CREATE INDEX campaigns_by_id ON campaigns (org_id, id);
CREATE TABLE recipients (
  id TEXT PRIMARY KEY,
  org_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL,
  key TEXT NOT NULL,
  state TEXT NOT NULL,
  due_at INTEGER,
  -- JSON
  recipient TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX recipients_by_key ON recipients (org_id, campaign_id, key);
CREATE INDEX recipients_by_campaign ON recipients (org_id, campaign_id, id);
CREATE INDEX recipients_by_state ON recipients (org_id, campaign_id, state, id);
CREATE INDEX recipients_due ON recipients (org_id, campaign_id, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX recipients_by_id ON recipients (org_id, id);
`
