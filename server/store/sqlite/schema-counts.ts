// Version 4: what the numbers beside the inbox's filters are counted by. Small, since they hold no time: a message to an open
// conversation leaves them as they are.
export const countIndexes = `
CREATE INDEX conversations_current ON conversations (org_id, status, assignee_id, coordination_id)
  WHERE status <> 'closed' AND activity_at IS NOT NULL;
CREATE INDEX conversations_failed ON conversations (org_id) WHERE last_status = 'failed';
`
