// Version 7: what entered for a contact lately, and leases of any name.
export const enteredIndex = `
CREATE INDEX messages_entered ON messages (conversation_id, entered_at) WHERE entered_at IS NOT NULL;
ALTER TABLE sender_leases RENAME TO leases;
ALTER TABLE leases RENAME COLUMN sender TO name;
`
