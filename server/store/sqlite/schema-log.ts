// Version 21: one index for each way into the message log, every one in the order of time. `messages_by_channel` takes the place of
// `messages_log`: both channels merged are the whole log. What failed is little, and so are notes: partial ones cost next to nothing.
export const logIndexes = `
CREATE INDEX messages_by_channel ON messages (org_id, channel, created_at, id);
DROP INDEX messages_log;
CREATE INDEX messages_by_status ON messages (org_id, status, created_at, id);
CREATE INDEX messages_by_author ON messages (org_id, author_id, created_at, id) WHERE author_type <> 'contact' AND author_id IS NOT NULL;
CREATE INDEX messages_by_author_type ON messages (org_id, author_type, created_at, id) WHERE author_type <> 'contact';
CREATE INDEX messages_internal ON messages (org_id, created_at, id) WHERE direction = 'internal';
CREATE INDEX messages_by_error_code ON messages (org_id, error ->> 'code', created_at, id) WHERE status = 'failed';
CREATE INDEX messages_by_error_reason ON messages (org_id, error ->> 'reason', created_at, id) WHERE status = 'failed';
`
