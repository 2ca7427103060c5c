// Version 13: what messages come with (JSON), and when the next of it is to be fetched.
export const mediaColumns = `
ALTER TABLE messages ADD COLUMN media TEXT;
ALTER TABLE messages ADD COLUMN media_due INTEGER;
CREATE INDEX messages_media_due ON messages (media_due) WHERE media_due IS NOT NULL;
`
