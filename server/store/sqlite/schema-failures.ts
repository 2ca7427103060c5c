// Which messages of a conversation failed and wait for somebody to see it. Until then only the last message was known to have failed.
export const failureColumns = `
-- JSON: of each its id and its error.
ALTER TABLE conversations ADD COLUMN failures TEXT NOT NULL DEFAULT '[]';
UPDATE conversations SET failures =
  (SELECT json_array(json_object('messageId', m.id, 'error', json(m.error))) FROM messages m WHERE m.id = conversations.last_message_id)
WHERE id IN (SELECT c.id FROM conversations c JOIN messages m ON m.id = c.last_message_id
  WHERE c.last_status = 'failed' AND m.direction = 'outbound' AND m.error IS NOT NULL);
DROP INDEX conversations_failed;
CREATE INDEX conversations_failed ON conversations (org_id) WHERE failures <> '[]';
`
