/** What is next due of each record, and what it keeps of its plan. */
export const planColumns = `
ALTER TABLE coordinations ADD COLUMN next_due_at INTEGER;
ALTER TABLE coordinations ADD COLUMN plan TEXT;
CREATE INDEX coordinations_by_due ON coordinations (next_due_at, org_id, id) WHERE next_due_at IS NOT NULL;`
