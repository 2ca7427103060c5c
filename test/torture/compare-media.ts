// Media both ways: what clients sent is there once, as it was sent, or says that it is not to be had; what agents sent arrived.
import { hash } from 'node:crypto'
import { plainType } from '../../shared/media-policy.ts'
import type { Message } from '../../shared/model.ts'
import { bytesOf, shotOf } from '../../server/simulator/camera-roll.ts'
import type { MediaCall, SimulatedMessage } from '../../server/simulator/simulated-message.ts'
import type { TakenSend } from './agents.ts'
import { neverArrives } from './client-media.ts'
import { messageIdOf } from './compare-ledger.ts'
import { createDifferences, type Difference } from './difference.ts'
import type { Journal } from './journal.ts'
import { type Strike, wasStruck } from './strikes.ts'

export interface MediaSides {
  accepted: readonly SimulatedMessage[]
  inbound: readonly SimulatedMessage[]
  stored: readonly Message[]
  taken: readonly TakenSend[]
  journal: Pick<Journal, 'writes'>
  strikes: readonly Strike[]
  /** By the id of each item: SHA-256 of the bytes that its address gave, or how it answered. */
  bytes: ReadonlyMap<string, string>
}

/** After these a fetch that was handed over may have been for nothing: its process, its line or its store was away. */
const breaking = ['kill', 'stop', 'twilio', 'disk', 'mongo']
/** While these held, Twilio may have asked in vain. */
const silencing = ['kill', 'stop', 'disk', 'mongo']
/** How long a process that starts again, or its store, is behind. */
const AFTER_MS = 5_000
/** Nearly as long as Twilio waits for a file: a server that answers so late is on a machine that does not hold. */
const FETCH_MS = 9_000

export function compareMedia({ accepted, inbound, stored, taken, journal, strikes, bytes }: MediaSides): Difference[] {
  const { all, differ } = createDifferences()
  const bySid = new Map(stored.map((one) => [one.twilioSid, one]))
  const phoneOf = new Map(journal.writes.map(({ sid, phone }) => [sid, phone]))

  for (const one of inbound) {
    const kept = bySid.get(one.sid)
    if (kept === undefined) continue
    if (kept.media.length !== one.shots.length) {
      differ('written, other media', `${one.sid}: ${kept.media.length} instead of ${one.shots.length}`)
      continue
    }
    for (const [index, shot] of one.shots.entries()) {
      const item = kept.media[index] as Message['media'][number]
      const said = `${one.sid} ${index}, ${shot}: ${item.state} ${item.contentType}, asked ${callsOf(one, index).length} times`
      const isThere = !neverArrives(phoneOf.get(one.sid) ?? -1)
      if (item.state === 'pending') differ('media, neither there nor failed', said)
      else if (item.state !== 'ready') {
        if (isThere || item.state === 'blocked') differ('media failed, and is to be had', said)
      } else if (bytes.get(item.id) !== hash('sha256', bytesOf(shot)) || item.contentType !== plainType(shotOf(shot).contentType))
        differ('media, other than what was sent', `${said}, ${bytes.get(item.id)}`)
      if (again(callsOf(one, index), strikes)) differ('media fetched again', said)
    }
  }

  const byId = new Map(stored.map((one) => [one.id, one]))
  const files = new Map(taken.flatMap(({ messageId, file }) => (file === null ? [] : [[messageId, file] as const])))
  const fileOf = (one: Message | undefined): string | null =>
    one === undefined ? null : (files.get(one.id) ?? (one.retryOf === null ? null : fileOf(byId.get(one.retryOf))))
  for (const one of stored) {
    const file = one.direction === 'outbound' ? fileOf(one) : null
    if (one.direction !== 'outbound' || (file === null && one.media.length === 0)) continue
    const kept = one.media.map(({ id }) => bytes.get(id) ?? 'nothing')
    if (kept.join() !== (file ?? '')) differ('acknowledged, other file', `${one.id}: ${kept.join()} instead of ${file}`)
  }
  for (const one of accepted) {
    const file = fileOf(byId.get(messageIdOf(one)))
    if (one.sentAt !== null && one.mediaHashes.join() !== (file ?? ''))
      differ('arrived, another file', `${one.sid}: ${one.mediaHashes.join() || 'none'} instead of ${file}`)
    const ended = one.statuses.find(({ status }) => status === 'failed')?.at ?? 0
    if (one.errorCode === 63019 && ended - one.at < FETCH_MS && !wasStruck(strikes, silencing, ended - FETCH_MS - AFTER_MS, ended))
      differ('Twilio asked for a file in vain', `${one.sid} at ${new Date(ended).toISOString()}, after ${ended - one.at} ms`)
  }
  return all
}

const callsOf = ({ mediaCalls }: SimulatedMessage, index: number): MediaCall[] => mediaCalls.filter((call) => call.index === index)

/** All of it was handed over, and asked for once more, though nothing was between that could have lost it. */
function again(calls: readonly MediaCall[], strikes: readonly Strike[]): boolean {
  return calls.some(({ at, end }, place) => {
    const next = calls[place + 1]
    return end === 'whole' && next !== undefined && !wasStruck(strikes, breaking, at - AFTER_MS, next.at)
  })
}
