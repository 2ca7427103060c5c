// Hosts and addresses that nobody outside this machine or network reaches, and those that no server of ours may be led to.
import { BlockList, isIP } from 'node:net'
import { isReservedName } from '../shared/reserved-names.ts'

/** What IANA's registries of special addresses name, and what clouds put beside each machine. */
const special = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  // Azure's own service at each machine, at a public address.
  ['168.63.129.16', 32],
] as const)
  special.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  // Teredo, ORCHID and other registries of protocols.
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4: leads to the IPv4 address that is written in it.
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  special.addSubnet(net, bits, 'ipv6')

/** All that was ever given out to the public. Also keeps out NAT64 (`64:ff9b::`), which leads to the IPv4 address in it. */
const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')

/** Whether a server on the internet has this address. False for what is no address. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 0 || address.includes('%')) return false
  if (family === 4) return !special.check(address, 'ipv4')
  // An IPv4 address that is written as IPv6 (`::ffff:10.0.0.1`) is looked up among the IPv4 ones.
  if (/^\[::ffff(:[0-9a-f]{1,4}){2}\]$/.test(new URL(`http://[${address}]`).hostname)) return !special.check(address, 'ipv6')
  return globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6')
}

/**
 * Twilio can reach no address of ours that nobody outside reaches, also through a proxy: it refuses such a StatusCallback (21609), and
 * cannot fetch files. What stands in its place beside us can.
 */
export function isOutOfReach(publicUrl: string, apiUrl: string | null): boolean {
  const isBesideUs = apiUrl !== null && isPrivateHost(new URL(apiUrl).hostname)
  return isPrivateHost(new URL(publicUrl).hostname) && !isBesideUs
}

/** By its name or literal address; a name that resolves to a private address is not looked up. */
export function isPrivateHost(hostname: string): boolean {
  // A name may end with a dot, which says that it is whole.
  const host = hostname.replace(/^\[|\]$|\.$/g, '').toLowerCase()
  return isIP(host) === 0 ? isReservedName(host) : !isPublicAddress(host)
}
