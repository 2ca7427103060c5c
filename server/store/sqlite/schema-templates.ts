// Tables of templates, and the number that rises with every change of one.

export const templateTables = `
CREATE TABLE templates (
  org_id TEXT NOT NULL,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  content_sid TEXT,
  -- 1: may go by WhatsApp at any time.
  approved INTEGER NOT NULL,
  -- JSON of the template.
  template TEXT NOT NULL,
  rev INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, name, language)
) STRICT, WITHOUT ROWID;
CREATE INDEX templates_by_content ON templates (org_id, content_sid) WHERE content_sid IS NOT NULL;
CREATE INDEX templates_approved ON templates (org_id, approved, name, language);
CREATE TABLE template_changes (
  org_id TEXT NOT NULL PRIMARY KEY,
  changes INTEGER NOT NULL,
  feed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`
