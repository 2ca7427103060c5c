// The host's own page of a record.
export const urlColumn = 'ALTER TABLE coordinations ADD COLUMN url TEXT;'
