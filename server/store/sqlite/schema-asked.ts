// What a key's first request asked for, and records that the host has not saved yet.
export const askedColumns = `
-- JSON: conversation and record, as the request with this key named them.
ALTER TABLE messages ADD COLUMN asked TEXT;
ALTER TABLE coordinations ADD COLUMN provisional INTEGER NOT NULL DEFAULT 0;
`
