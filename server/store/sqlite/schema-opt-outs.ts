// From what a line's client opted out, who said so, and when something was last said about it. Until then nothing wrote the first.
export const optOutColumns = `
ALTER TABLE lines ADD COLUMN opted_out_by TEXT;
ALTER TABLE lines ADD COLUMN marketing_out_at INTEGER;
ALTER TABLE lines ADD COLUMN marketing_out_by TEXT;
ALTER TABLE lines ADD COLUMN opt_said_at INTEGER;
CREATE INDEX lines_opted_out ON lines (org_id, id) WHERE opted_out_at IS NOT NULL OR marketing_out_at IS NOT NULL;
`
