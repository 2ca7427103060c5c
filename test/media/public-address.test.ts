// Which addresses a server of ours may be led to, in every way that they are written.
import { expect, test } from 'vitest'
import { isPrivateHost, isPublicAddress } from '../../server/private-host.ts'

const addresses: [string, boolean][] = [
  ['8.8.8.8', true],
  ['2606:4700:4700::1111', true],
  ['2001:4860:4860::8888', true],
  ['::ffff:8.8.8.8', true],
  ['127.0.0.1', false],
  ['127.8.8.8', false],
  ['0.0.0.0', false],
  ['10.1.2.3', false],
  ['172.16.0.1', false],
  ['172.32.0.1', true],
  ['192.168.1.1', false],
  ['100.64.0.1', false],
  ['169.254.169.254', false],
  // The services that clouds put beside a machine: Azure, Alibaba, Oracle, Amazon.
  ['168.63.129.16', false],
  ['100.100.100.200', false],
  ['192.0.0.192', false],
  ['fd00:ec2::254', false],
  ['198.18.0.1', false],
  ['203.0.113.7', false],
  ['224.0.0.1', false],
  ['240.0.0.1', false],
  ['255.255.255.255', false],
  ['::', false],
  ['::1', false],
  ['0:0:0:0:0:0:0:1', false],
  ['fe80::1', false],
  ['fe80::1%eth0', false],
  ['fec0::1', false],
  ['fc00::1', false],
  ['ff02::1', false],
  ['::ffff:127.0.0.1', false],
  ['::ffff:7f00:1', false],
  ['0:0:0:0:0:FFFF:10.0.0.1', false],
  ['::ffff:a9fe:a9fe', false],
  // IPv4 inside IPv6: compatible, translated, NAT64, 6to4, Teredo.
  ['::127.0.0.1', false],
  ['::ffff:0:127.0.0.1', false],
  ['64:ff9b::7f00:1', false],
  ['64:ff9b:1::7f00:1', false],
  ['2002:7f00:1::', false],
  ['2001:0:7f00:1::', false],
  ['2001:db8::1', false],
  ['example.com', false],
  ['', false],
]

test.each(addresses)('%s is public: %s', (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic)
})

test.each([
  'http://2130706433/',
  'http://0x7f.1/',
  'http://017700000001/',
  'http://127.1/',
  'http://[::ffff:7f00:1]/',
  'http://0/',
  'http://localhost./',
  'http://LOCALHOST/',
  'http://metadata.google.internal/',
  'http://intranet/',
  'http://①②⑦.0.0.1/',
])('%s leads to no public host, however it is written', (url) => {
  expect(isPrivateHost(new URL(url).hostname)).toBe(true)
})
