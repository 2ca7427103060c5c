// The forms that REDIS_URL may have, and the words for those that it may not.
import { describe, expect, test } from 'vitest'
import { faultOfRedisUrl, readRedisUrl } from '../../server/redis-url.ts'

const plain = { tls: false, login: {}, database: 0, sentinel: null }
const at = (...nodes: string[]) => ({
  nodes: nodes.map((node) => ({ host: node.slice(0, node.lastIndexOf(':')), port: Number(node.slice(node.lastIndexOf(':') + 1)) })),
})

describe('REDIS_URL', () => {
  test.each([
    ['redis://cache', { ...plain, ...at('cache:6379') }],
    ['rediss://cache:6380/', { ...plain, ...at('cache:6380'), tls: true }],
    ['redis://:pa%3Ass@cache:6379/3', { ...plain, ...at('cache:6379'), login: { password: 'pa:ss' }, database: 3 }],
    ['redis://hilo:pa:s@s@cache', { ...plain, ...at('cache:6379'), login: { username: 'hilo', password: 'pa:s@s' } }],
    ['redis://[::1]:7000', { ...plain, ...at('::1:7000') }],
    ['redis://a:7000,b:7001', { ...plain, ...at('a:7000', 'b:7001') }],
    ['redis+cluster://u:p@a,b:7001,[::1]/0', { ...plain, ...at('a:6379', 'b:7001', '::1:6379'), login: { username: 'u', password: 'p' } }],
    ['rediss+cluster://a:7000', { ...plain, ...at('a:7000'), tls: true }],
    [
      'redis+sentinel://:p@a,b:26380/mymaster/2',
      { ...plain, ...at('a:26379', 'b:26380'), login: { password: 'p' }, database: 2, sentinel: { primary: 'mymaster', login: {} } },
    ],
    [
      'rediss+sentinel://a/main?sentinel_username=s&sentinel_password=q%26',
      { ...plain, ...at('a:26379'), tls: true, sentinel: { primary: 'main', login: { username: 's', password: 'q&' } } },
    ],
  ])('%s is understood', (url, address) => {
    expect(faultOfRedisUrl(url)).toBeNull()
    expect(readRedisUrl(url)).toEqual(address)
  })

  test.each([
    ['http://a:6379', /must begin with redis:\/\//],
    ['redis-sentinel://a:26379/mymaster', /must begin with .*redis\+sentinel/],
    ['redis+other://a', /must begin with/],
    ['redis://', /the 1\. is to be host:port/],
    ['redis://:secret@', /the 1\. is to be host:port/],
    ['redis://a:99999', /the 1\. is to be host:port/],
    ['redis://a:0', /the 1\. is to be host:port/],
    ['redis+cluster://a:7000,,b:7001', /the 2\. is to be host:port/],
    ['redis+cluster://a:7000,b:port', /the 2\. is to be host:port/],
    ['redis://:secret@a:6379,redis://:secret@b:6379', /once, before the first/],
    ['redis+cluster://a:7000,b:7001/1', /a Cluster has only 0/],
    ['redis://a:7000,b:7001/1', /a Cluster has only 0/],
    ['redis://a/secret', /no number of a database/],
    ['redis+sentinel://a:26379', /primary that Sentinel watches/],
    ['redis+sentinel://a:26379/', /primary that Sentinel watches/],
    ['redis+sentinel://a:26379/mymaster/one', /no number of a database/],
    ['redis+sentinel://a:26379/mymaster/0/more', /no number of a database/],
    ['redis+sentinel://a:26379/mymaster?password=secret', /means nothing here: password/],
    ['redis://a:6379?sentinel_password=secret', /means nothing here: sentinel_password/],
    ['redis://:100%secret@a', /write it as %25/],
  ])('%s is refused, its fault named without a password, and with an example that works', (url, fault) => {
    const found = faultOfRedisUrl(url)
    expect(found?.fault).toMatch(fault)
    expect(found?.fault).not.toMatch(/secret/)
    expect(faultOfRedisUrl(found?.example ?? '')).toBeNull()
  })
})
