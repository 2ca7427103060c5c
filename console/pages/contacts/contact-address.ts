// The addresses of the contacts' pages, and those of the calls about one contact.

export const contactAddress = (id: string): string => `#/contacts/${encodeURIComponent(id)}`
export const contactPath = (id: string): string => `/api/contacts/${encodeURIComponent(id)}`
