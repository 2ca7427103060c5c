// Names that no public DNS answers: of this machine, of a network of its own, or kept for examples.

export function isReservedName(hostname: string): boolean {
  const host = hostname.toLowerCase()
  return host === 'localhost' || /\.(localhost|local|internal|test|invalid)$/.test(host) || !host.includes('.')
}
