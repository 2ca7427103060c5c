// Schema: the content of a key's first request, and provisional records.
export const askedColumns = `
-- JSON: conversation and record, as the request with this key named them.
ALTER TABLE messages ADD COLUMN asked TEXT;
ALTER TABLE coordinations ADD COLUMN provisional INTEGER NOT NULL DEFAULT 0;
`
