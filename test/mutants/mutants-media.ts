// Faults of media: whom we reach with whose credentials, how much is taken, as what it is kept and given back.
import type { FaultyFile } from './fault.ts'

const fetching = ['test/media/fetch-media.test.ts']
const serving = ['test/media/serve-media.test.ts']
const uploading = ['test/media/receive-upload.test.ts']
const keeping = ['test/media/media-files.test.ts']

export const mediaFaults: FaultyFile[] = [
  {
    file: 'server/media/fetch-media.ts',
    suites: fetching,
    faults: [
      { name: 'credentials cross a redirect', find: 'hops === 0 && isOurs && credentials', replace: 'isOurs && credentials' },
      { name: 'any host of Twilio’s gets credentials', find: '/^api(\\.[a-z0-9-]+){0,2}', replace: '/^[a-z]+(\\.[a-z0-9-]+){0,2}' },
      { name: 'a name that begins like Twilio’s gets credentials', find: 'twilio\\.com$/', replace: 'twilio\\.com/' },
      { name: 'credentials go over plain http', find: "protocol === 'https:' && port === ''", replace: "port === ''" },
      { name: 'credentials go to any port', find: "protocol === 'https:' && port === ''", replace: "protocol === 'https:'" },
      { name: 'the host app reaches what we reach', find: "let isOurs = source === 'twilio'", replace: 'let isOurs = source !== null' },
      {
        name: 'a redirect of the simulator leads inside',
        find: 'mayBePrivate: isOurs && isBase(url)',
        replace: 'mayBePrivate: isOurs || hops > 0',
      },
      { name: 'anybody leads to the simulator', find: 'isOurs = isOurs && (', replace: 'isOurs = isBase(url) || (' },
      {
        name: 'https leads to http',
        find: "if (url.protocol === 'https:' && next.protocol !== 'https:') throw",
        replace: 'if (next.protocol === url.host) throw',
      },
      { name: 'redirects have no end', find: 'if (hops === MOST_REDIRECTS)', replace: 'if (hops === 1000)' },
      { name: 'a picture that is away for a moment is given up', find: 'new Set([404, 408,', replace: 'new Set([408,' },
      {
        name: 'packed answers are kept packed',
        find: "if (!/^(identity)?$/i.test(headers['content-encoding'] ?? '')) throw",
        replace: 'if (statusCode === 0) throw',
      },
      {
        name: 'a length that is said is not heard',
        find: "if (Number(headers['content-length']) > mostBytes[channel]) throw",
        replace: 'if (statusCode === 0) throw',
      },
      { name: 'the host app sends what the channel refuses', find: "source === 'twilio' ? mostToTake : mostToSend", replace: 'mostToTake' },
      { name: 'the line stays open after a refusal', find: '      answer?.destroy()\n', replace: '' },
    ],
  },
  {
    file: 'server/request-public.ts',
    suites: fetching,
    faults: [
      {
        name: 'a private name is fetched',
        find: 'if (!mayBePrivate && isPrivateHost(hostname)) throw',
        replace: 'if (hostname === "") throw',
      },
      {
        name: 'what DNS answers is not looked at',
        find: '!mayBePrivate && !isPublicAddress(address)',
        replace: '!mayBePrivate && address === ""',
      },
      { name: 'one public address is enough', find: 'const fault = addresses.find(', replace: 'const fault = addresses.slice(0, 1).find(' },
      {
        name: 'a name is looked up once more for the line',
        find: 'for (const address of addresses) {',
        replace: 'for (const address of await (line.lookup ?? systemLookup)("")) {',
      },
      { name: 'any certificate is good', find: '{ ...line.tls, socket,', replace: '{ ...line.tls, rejectUnauthorized: false, socket,' },
      { name: 'a body may go on for ever', find: '      signal,\n      method:', replace: '      method:' },
      { name: 'the first address that fails ends it', find: '      signal.throwIfAborted()\n', replace: '      throw error\n' },
    ],
  },
  {
    file: 'server/media/keep-inspected.ts',
    suites: fetching,
    faults: [
      { name: 'a file of any size is kept', find: "if (size > found.most) throw new MediaRefused('too_large')", replace: '' },
      { name: 'a flood of pixels is kept', find: 'if (width * height > MOST_PIXELS)', replace: 'if (width < 0)' },
      { name: 'a turned photo makes the thread jump', find: 'orientation >= 5', replace: 'orientation >= 9' },
      { name: 'zeros are text', find: 'byte >= 0x20 || (byte >= 0x09', replace: 'byte >= 0x00 || (byte >= 0x09' },
    ],
  },
  {
    file: 'server/media/resolve-type.ts',
    suites: ['test/media/resolve-type.test.ts'],
    faults: [
      {
        name: 'a script that says it is a picture is kept',
        find: "form === 'text/plain' && said !== 'text/plain'",
        replace: "form === 'text/html'",
      },
      { name: 'a voice note is a film', find: "'video/mp4': ['audio/mp4']", replace: "'video/mp4': ['audio/none']" },
    ],
  },
  {
    file: 'server/media/clean-filename.ts',
    suites: ['test/media/clean-filename.test.ts'],
    faults: [
      { name: 'a path is a name', find: '.split(/[/\\\\]/).at(-1)', replace: '.split(/[/]/).at(-1)' },
      { name: 'a name is cut inside a sign', find: 'of signsOf(stem)', replace: 'of stem' },
      { name: 'a program’s ending is kept', find: 'endings.includes(ending.toLowerCase())', replace: "ending !== ''" },
      { name: 'a name turns its reading direction', find: '|(?![\\u200c\\u200d])\\p{Cf}/gu', replace: '/gu' },
      { name: 'a name is too long for a disk', find: 'MOST_BYTES = 255', replace: 'MOST_BYTES = 256' },
    ],
  },
  {
    file: 'server/media/media-url.ts',
    suites: ['test/media/media-url.test.ts'],
    faults: [
      { name: 'an address is good for ever', find: 'return left > 0 ? left : null', replace: 'return left' },
      { name: 'one signature opens every file', find: '`media/${id}?${exp}`', replace: '`media/?${exp}`' },
      { name: 'a time may be changed', find: '`media/${id}?${exp}`', replace: '`media/${id}?`' },
      { name: 'an address is good for less than a day', find: '/ DAY_MS) + 2)', replace: '/ DAY_MS) + 1)' },
    ],
  },
  {
    file: 'server/media/serve-media.ts',
    suites: serving,
    faults: [
      {
        name: 'the signature is not looked at',
        find: 'leftMs === null ? null : await find(id)',
        replace: 'await find(id)',
        suites: ['test/media/serve-media.test.ts'],
        cases: 'nothing is given',
      },
      {
        name: 'a preview’s address opens the file, and the other way round',
        find: "searchParams.get('size') === 'preview' ? 'preview' : 'whole'",
        replace: "searchParams.has('exp') ? 'whole' : 'preview'",
        cases: 'is not given by the address',
      },
      { name: 'whatever it is is shown', find: "isShown(contentType) ? 'inline' : 'attachment'", replace: "'inline'" },
      { name: 'browsers guess the type', find: "    'X-Content-Type-Options': 'nosniff',\n", replace: '' },
      { name: 'a file runs under our name', find: '"default-src \'none\'; sandbox"', replace: '"default-src \'none\'"' },
      { name: 'a host page cannot show it', find: "'cross-origin'", replace: "'same-origin'" },
      { name: 'a part is of another file', find: 'ifRange !== undefined && ifRange !== etag', replace: "ifRange === ''" },
      { name: 'several parts are answered with the first', find: 'first === undefined || more.length > 0', replace: 'first === undefined' },
    ],
  },
  {
    file: 'server/media/previews.ts',
    suites: ['test/media/previews.test.ts'],
    faults: [
      { name: 'the same preview is made twice at once', find: 'if (same) return same', replace: 'if (same) void same' },
      { name: 'any number is made at once', find: 'running < atOnce', replace: 'running >= 0' },
      { name: 'any number waits', find: 'waiting.length >= mostWaiting', replace: 'waiting.length < 0' },
      { name: 'a place is lost with each that ends', find: 'else running--', replace: '' },
      { name: 'what cannot be made is tried again and again', find: 'if (failed.has(hash)) return null', replace: '' },
      { name: 'a preview is larger than its file', find: 'preview.length < bytes.length', replace: 'preview.length > 0' },
    ],
  },
  {
    file: 'server/media/picture-maker.ts',
    suites: ['test/media/previews.test.ts'],
    faults: [
      { name: 'a bomb is decoded', find: 'limitInputPixels: PREVIEW_PIXELS', replace: 'limitInputPixels: 1e12' },
      { name: 'a photo lies on its side', find: 'autoOrient: true })', replace: 'autoOrient: false })' },
      { name: 'any decoder sees what strangers send', find: "    sharp.block({ operation: ['VipsForeignLoad'] })\n", replace: '' },
    ],
  },
  {
    file: 'shared/split-media.ts',
    suites: ['test/shared/split-media.test.ts'],
    faults: [
      {
        name: 'words stand beside anything',
        find: 'text.length <= CAPTION_CHARS && captioned.has',
        replace: 'text.length <= CAPTION_CHARS || captioned.has',
      },
      { name: 'an MMS is of any size', find: ' && bytes <= mostBytes.sms', replace: '' },
      { name: 'an MMS goes to any country', find: "address.startsWith('+1') && ", replace: '' },
      { name: 'a service sends to any country', find: 'hasMms(address) && (sender', replace: '(sender' },
      { name: 'an island is of the United States', find: ' && !islands.has(address.slice(2, 5))', replace: '' },
    ],
  },
  {
    file: 'server/media/upload-id.ts',
    suites: ['test/http/media.test.ts'],
    faults: [
      {
        name: 'anybody makes up an id',
        find: 'given.length !== right.length || !timingSafeEqual(given, right)',
        replace: 'given.length === 0',
      },
    ],
  },
  {
    file: 'server/media/receive-upload.ts',
    suites: uploading,
    faults: [
      { name: 'half a form is a whole file', find: '      await ended\n', replace: '' },
      { name: 'a line that breaks is waited for', find: 'if (!request.complete) fail', replace: 'if (request.complete) fail' },
      { name: 'any field is the file', find: "field !== 'file' || current !== null", replace: 'current !== null' },
    ],
  },
  {
    file: 'server/read-off.ts',
    suites: uploading,
    faults: [{ name: 'a body that never ends is read for ever', find: 'if (left < 0) request.destroy()', replace: '' }],
  },
  {
    file: 'server/media/media-files.ts',
    suites: keeping,
    faults: [
      { name: 'a limit is one byte off', find: 'if (size > most) throw', replace: 'if (size >= most) throw' },
      { name: 'a name may be a path', find: '/^[0-9a-f]{64}$/', replace: '/^.*$/' },
    ],
  },
  {
    file: 'server/media/collect-files.ts',
    suites: ['test/media/collect-files.test.ts'],
    faults: [
      { name: 'what a message names is removed', find: '!named.has(name) && ', replace: '' },
      { name: 'what was kept a moment ago is removed', find: 'clock.now() - DAY_MS', replace: 'clock.now() + 1' },
      { name: 'files of before are left', find: '(await files.removeOld(name, before))', replace: 'false' },
    ],
  },
  {
    file: 'shared/code-faults.ts',
    suites: ['test/shared/template-faults.test.ts', 'test/templates/codes.test.ts'],
    faults: [
      { name: 'a code may be as long as it likes', find: 'value.length <= CODE_CHARS && ', replace: '' },
      {
        name: 'words around a code are taken',
        find: "others.length === 0 && body.replace(/\\{\\{[^{}]*\\}\\}/, '').trim() === ''",
        replace: 'others.length === 0',
      },
    ],
  },
  {
    file: 'server/rules/code-template.ts',
    suites: ['test/templates/codes.test.ts'],
    faults: [
      { name: 'the minutes of a code do not count', find: 'submission?.wanted.code?.expiresInMinutes ?? MINUTES', replace: 'MINUTES' },
    ],
  },
  {
    file: 'server/store/folder-bucket.ts',
    suites: keeping,
    faults: [
      {
        name: 'the age of a file is when it was kept first',
        find: '        touch(placeOf(name))\n',
        replace: '        statSync(placeOf(name))\n',
      },
      {
        name: 'what was renewed in the last moment is removed',
        find: '        if (statSync(place).mtimeMs >= before) return false\n',
        replace: '',
      },
      {
        name: 'half a file is seen under its name',
        find: 'renameSync(part, place)',
        replace: 'await open(place, "w").then((file) => file.close())',
      },
      { name: 'what failed is left', find: '          await rm(part, { force: true })\n', replace: '' },
      {
        name: 'what a killed process left stays for ever',
        find: '    await rm(unfinished, { recursive: true, force: true })\n',
        replace: '',
      },
      { name: 'other users read it', find: "open(path, 'wx', 0o600)", replace: "open(path, 'wx', 0o644)" },
    ],
  },
  {
    file: 'server/store/mongo/file-bucket.ts',
    suites: keeping,
    faults: [
      { name: 'the same bytes are kept twice', find: '{ unique: true, sparse: true }', replace: '{ sparse: true }' },
      { name: 'chunks stay without their file', find: '    await chunks.deleteMany({ files_id: id })\n', replace: '' },
      { name: 'a part lacks its last byte', find: 'end: range.end + 1', replace: 'end: range.end' },
      { name: 'what is being written is cleared away', find: '{ at: { $lt: new Date(now() - UNFINISHED_MS) } }', replace: '{}' },
    ],
  },
]
