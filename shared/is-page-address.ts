// Whether a text is the address of a page that a person may be sent to: http or https, whole, without a password in it. What a browser
// would run (`javascript:`, `data:`) is none, nor what it would read otherwise than it is written.

export function isPageAddress(text: string): boolean {
  if (!/^https?:\/\/[^\s\\]+$/i.test(text) || !URL.canParse(text)) return false
  const { username, password, hostname } = new URL(text)
  return username === '' && password === '' && hostname !== ''
}
