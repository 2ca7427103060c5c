// When a recording goes once more in its other format: of each condition, the case in which it alone is not met.
import { expect, test } from 'vitest'
import type { Failure } from '../../shared/model.ts'
import { type MediaItem, sentMedia } from '../../server/rules/media.ts'
import { otherFormat } from '../../server/rules/other-format.ts'
import { MORNING } from '../support/builders.ts'

const iso = (at: number) => new Date(at).toISOString()
const notFetched: Failure = { code: 63019, reason: 'media', message: 'The media could not be downloaded', action: 'retry' }
type Fallible = Parameters<typeof otherFormat>[0]
const failed: Fallible = {
  ...{ channel: 'whatsapp', direction: 'outbound', status: 'failed', retryOf: null, expiresAt: null, failedAt: iso(MORNING) },
}
const other = { hash: 'b', size: 20, contentType: 'audio/mp4' }
const file = { sourceUrl: null, contentType: 'audio/ogg', filename: 'voice.ogg', width: null, height: null, hash: 'a', size: 10 }
const recorded = sentMedia('m1', [{ ...file, other }])
const sent = { ...other, sourceUrl: null, filename: null, width: null, height: null }

test.each<[what: string, message: Partial<Fallible>, failure: Partial<Failure> | null, items: MediaItem[], goes: boolean]>([
  ['one that could not be fetched goes in its other format', {}, {}, recorded, true],
  ['one that fails in this moment', { status: 'sent', failedAt: null }, {}, recorded, true],
  ['what failed a minute ago and is told again', { failedAt: iso(MORNING - 60_000) }, {}, recorded, true],
  ['not an hour later', { failedAt: iso(MORNING - 3600_001) }, {}, recorded, false],
  ['not for another reason', {}, { code: 63005 }, recorded, false],
  ['not where nothing failed', {}, null, recorded, false],
  ['not of a second attempt', { retryOf: 'm0' }, {}, recorded, false],
  ['not by SMS', { channel: 'sms' }, {}, recorded, false],
  ['not of what a client sent', { direction: 'inbound' }, {}, recorded, false],
  ['not where it arrived after all', { status: 'delivered' }, {}, recorded, false],
  ['nor where it was heard', { status: 'read' }, {}, recorded, false],
  ['nor where it was taken back', { status: 'canceled' }, {}, recorded, false],
  ['not once its time is over', { expiresAt: iso(MORNING) }, {}, recorded, false],
  ['not without another format', {}, {}, sentMedia('m1', [file]), false],
  ['not of several files', {}, {}, sentMedia('m1', [{ ...file, other }, file]), false],
  ['not without a file', {}, {}, [], false],
])('%s', (_, message, failure, items, goes) => {
  expect(otherFormat({ ...failed, ...message }, failure && { ...notFetched, ...failure }, items, MORNING)).toEqual(goes ? sent : null)
})
