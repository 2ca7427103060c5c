// Version 15: sensitive messages that still say something.
export const sensitiveIndex = `CREATE INDEX messages_sensitive ON messages (id) WHERE sensitive = 1 AND text <> '' AND seq IS NOT NULL`
