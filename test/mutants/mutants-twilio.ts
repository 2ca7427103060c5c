// Faults at Twilio's door: signatures, fields, addresses, lists.
import type { FaultyFile } from './fault.ts'

const webhooks = ['test/inbox/webhooks.test.ts']
const parsing = ['test/twilio/parse-inbound.test.ts']

export const twilioFaults: FaultyFile[] = [
  {
    file: 'server/twilio/verify-signature.ts',
    suites: ['test/twilio/verify-signature.test.ts'],
    faults: [
      { name: 'only the current token is right', find: 'authTokens.some((token) =>', replace: 'authTokens.slice(0, 1).some((token) =>' },
      { name: 'all tokens must be right', find: 'authTokens.some(', replace: 'authTokens.every(' },
      {
        name: 'any JSON with a right address is taken',
        find: '!timingSafeEqual(claimed, actual)) return false',
        replace: 'claimed === actual) return false',
      },
      {
        name: 'a JSON body is not compared with its hash',
        find: 'if (claimed.length !== actual.length || ',
        replace: 'if (claimed.length === actual.length && claimed.length > 0 && ',
      },
      { name: 'a hash in capitals is wrong', find: "get('bodySHA256')?.toLowerCase()", replace: "get('bodySHA256')" },
      {
        name: 'what cannot be parsed is a fault of ours',
        find: '  } catch {\n    return false\n  }',
        replace: '  } catch (error) {\n    throw error\n  }',
      },
    ],
  },
  {
    file: 'server/twilio/webhooks.ts',
    suites: webhooks,
    faults: [
      { name: 'a wrong signature is taken', find: '    if (!right) {', replace: '    if (!right && request.body.length < 0) {' },
      {
        name: 'a wrong signature is taken where the body is empty',
        find: '    if (!right) {',
        replace: '    if (!right && request.body.length > 0) {',
      },
      {
        name: 'a GET webhook has no fields',
        find: '      if (request.body.length === 0) fields = formFields(new URL(url).search.slice(1))\n',
        replace: '',
      },
      {
        name: 'another account’s webhook is taken',
        find: "field(fields, 'AccountSid') !== settings.accountSid",
        replace: "field(fields, 'AccountSid') === undefined",
      },
      {
        name: 'a message at the address of statuses is lost',
        find: "/^receiv(ed|ing)$/i.test(told ?? 'received')",
        replace: "messageId === null && /^receiv(ed|ing)$/i.test(told ?? 'received')",
      },
      {
        name: 'a store that is away is a bad request',
        find: '    missed()\n    if (error instanceof DomainError)',
        replace:
          "    missed()\n    if (error instanceof DomainError) return refused('bad_request', error.message)\n    if (error instanceof DomainError)",
        suites: ['test/inbox/webhooks.test.ts', 'test/server/store-faults.test.ts', 'test/inbox/recovery.test.ts'],
        cases: 'away|unavailable|503',
      },
      {
        name: 'nobody looks after what was refused',
        find: '    missed()\n',
        replace: '',
        suites: ['test/inbox/recovery.test.ts'],
        cases: 'store that was away',
      },
      { name: 'a name in a form means something', find: '{ maxKeys: 0 }', replace: '{ maxKeys: 3 }' },
      { name: 'the reason of a failure is lost', find: "status === 'failed' ? failureOf(code, words) : null", replace: 'null' },
      { name: 'a message’s id stands in the log', find: "?.replace(/\\/status\\/.*/, '/status/:messageId')", replace: '' },
    ],
  },
  {
    file: 'server/twilio/parse-inbound.ts',
    suites: parsing,
    faults: [
      { name: 'what has no SID is a message', find: 'sid === undefined || !messageSid.test(sid)', nth: 1, replace: 'sid === undefined' },
      { name: 'a repeated field is a list', find: 'Array.isArray(value) ? value[0] : value', replace: 'String(value)' },
      { name: 'a field named like a method is one', find: '  if (!Object.hasOwn(fields, name)) return undefined\n', replace: '' },
      { name: 'a forwarded message is not', find: " || get('FrequentlyForwarded') === 'true'", replace: '' },
      { name: 'a quote is lost', find: "get('OriginalRepliedMessageSid') || null", replace: 'null' },
      { name: 'a choice in a list is no button', find: "get('ButtonPayload') || get('ListId')", replace: "get('ButtonPayload')" },
      {
        name: 'a place at the equator is none',
        find: 'hasLocation: location !== null',
        replace: 'hasLocation: Boolean(location?.latitude)',
      },
      { name: 'a place beyond the pole is one', find: 'Math.abs(latitude) <= 90', replace: 'Math.abs(latitude) <= 900' },
      { name: 'a card is media', find: '|| media.every(({ contentType }) => isCard(contentType))', replace: '' },
      { name: 'a card among pictures hides them', find: 'media.every(', replace: 'media.some(' },
      { name: 'an empty text is an empty bubble', find: "isBlank(text) ? 'unsupported' : 'text'", replace: "'text'" },
      {
        name: 'a stranger’s reaction makes a contact',
        find: "onlyIfKnown: type === 'unsupported' && isEvent(get)",
        replace: 'onlyIfKnown: false',
      },
      {
        name: 'a lead without words is lost',
        find: "onlyIfKnown: type === 'unsupported' && isEvent(get)",
        replace: "onlyIfKnown: type === 'unsupported'",
      },
      { name: 'the id of who hides the number is lost', find: "parseUserId(get('ExternalUserId')) ??", replace: 'null ??' },
      { name: 'an advertisement is lost', find: '  if (!sourceId) return null\n', replace: '  return null\n' },
      {
        name: 'a service’s number is a stranger',
        find: 'if (exact !== null || service === undefined || service !== ownService) return exact',
        replace: 'return exact',
      },
      { name: 'another service’s number is ours', find: ' || service !== ownService) return exact', replace: ') return exact' },
    ],
  },
  {
    file: 'server/twilio/addresses.ts',
    suites: ['test/twilio/parse-inbound.test.ts', 'test/inbox/edge-cases.test.ts'],
    faults: [
      { name: 'a number without its plus is another', find: "plain.startsWith('+') ? plain : `+${plain}`", replace: 'plain' },
      { name: 'an RCS address is a stranger', find: '/^rcs$/i.test(prefix) ? parseAddress(rest) : null', replace: 'null' },
      {
        name: 'a client by RCS is on WhatsApp',
        find: "return { ...rcs, channel: 'sms', foreign: null }",
        replace: "return { ...rcs, channel: 'whatsapp', foreign: null }",
      },
      { name: 'a name as sender is no address', find: ' || /^[A-Za-z0-9][A-Za-z0-9 .&_-]{0,10}$/.test(plain)', replace: '' },
      {
        name: 'a business-scoped id is no address',
        find: "  if (userId.test(plain)) return { channel: 'whatsapp', address: plain, phone: null }\n",
        replace: '',
      },
      { name: 'a foreign address loses its channel', find: 'address: `${foreign}:${rest}`', replace: 'address: rest' },
    ],
  },
  {
    file: 'server/twilio/statuses.ts',
    suites: webhooks,
    faults: [
      { name: 'undelivered is nothing', find: "    case 'undelivered':\n", replace: '' },
      {
        name: 'canceled is failed',
        find: "return 'canceled'",
        replace: "return 'failed'",
        suites: ['test/inbox/edge-cases.test.ts'],
        cases: 'S17',
      },
    ],
  },
  {
    file: 'server/twilio/lists.ts',
    suites: ['test/twilio/lists.test.ts', 'test/inbox/recovery.test.ts'],
    faults: [
      {
        name: 'the service’s list is read as anybody’s',
        find: ' && one.messagingServiceSid !== settings.messagingServiceSid',
        replace: '',
        suites: ['test/twilio/lists.test.ts'],
      },
      {
        name: 'what was upgraded to RCS is not found',
        find: "if (channel === 'sms' && messagingServiceSid !== null) addresses",
        replace: 'if (addresses.length > 1) addresses',
        suites: ['test/twilio/lists.test.ts'],
      },
      { name: 'only the first number is looked at', find: 'index + 1 < inboxes.length ? `${index + 1} ` : null', replace: 'null' },
      { name: 'a price is negative', find: 'Math.abs(Number(one.price))', replace: 'Number(one.price)' },
    ],
  },
  {
    file: 'server/private-host.ts',
    suites: ['test/inbox/polling.test.ts', 'test/media/public-address.test.ts'],
    faults: [
      { name: 'IPv6 is public', find: "globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6')", replace: 'true' },
      { name: 'IPv4 in IPv6 is public', find: "hostname)) return !special.check(address, 'ipv6')", replace: 'hostname)) return true' },
    ],
  },
]
