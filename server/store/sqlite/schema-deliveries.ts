// What is told to the host's webhooks: once per key, looked for by when it is tried, listed by when it was made.
export const deliveryTable = `
CREATE TABLE deliveries (
  id TEXT PRIMARY KEY,
  org_id TEXT NOT NULL,
  webhook TEXT NOT NULL,
  key TEXT NOT NULL,
  due_at INTEGER,
  created_at INTEGER NOT NULL,
  -- JSON
  delivery TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX deliveries_by_key ON deliveries (org_id, webhook, key);
CREATE INDEX deliveries_due ON deliveries (org_id, webhook, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_by_time ON deliveries (org_id, webhook, created_at, id);
CREATE INDEX deliveries_by_id ON deliveries (org_id, id);
`
