// Version 20: contacts by the host's id of the client.
export const externalIdIndex = `
CREATE INDEX contacts_by_external_id ON contacts (org_id, external_id) WHERE external_id IS NOT NULL;
`
