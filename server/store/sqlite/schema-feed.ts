// Version 8: the number of the write that changed a record, or what an agent chose, for the feed of the whole organization.
export const feedColumns = `
ALTER TABLE coordinations ADD COLUMN feed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX coordinations_by_feed ON coordinations (org_id, feed);
ALTER TABLE agents ADD COLUMN feed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX agents_by_feed ON agents (org_id, feed);
`
