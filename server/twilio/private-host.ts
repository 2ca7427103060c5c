// Hosts that nobody outside this machine or network reaches.
import { BlockList, isIP } from 'node:net'
import { isReservedName } from '../../shared/reserved-names.ts'

const privateAddresses = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  privateAddresses.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  privateAddresses.addSubnet(net, bits, 'ipv6')

/** By its name or literal address; a name that resolves to a private address is not looked up. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const family = isIP(host)
  if (family === 4) return privateAddresses.check(host, 'ipv4')
  // An IPv4 address that is written as IPv6 is looked up among the IPv4 ones.
  if (family === 6) return privateAddresses.check(host, 'ipv6')
  return isReservedName(host)
}
