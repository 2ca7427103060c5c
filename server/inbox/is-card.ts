// Which media are contact cards, that clients share from their address book.

export function isCard(contentType: string): boolean {
  return /^text\/(x-)?vcard\b/i.test(contentType)
}
