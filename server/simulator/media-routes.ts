// The subresources of a Message in Twilio's REST API: its media, and the feedback on what its recipient did.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { bytesOf, type Shot } from './camera-roll.ts'
import { mostSlowMs } from './faults.ts'
import { pageOf, presentPage, readPaging } from './list-page.ts'
import { mediaOf } from './media.ts'
import type { SimulatorParts } from './parts.ts'
import { isWithin, readDates } from './read-dates.ts'
import { refusal } from './refusals.ts'
import { answerJson, type Call, type Routes } from './routes.ts'
import { feedbackOutcomes, type MediaCall, type SimulatedMessage, twilioDate } from './simulated-message.ts'
import type { ApiAnswers } from './twilio-api.ts'

const mediaPath = '/media/'

type Medium = ReturnType<typeof mediaOf>[number]

export function addMediaRoutes(routes: Routes, parts: SimulatorParts, { refuse, missing, withMessage }: ApiAnswers): void {
  const { accountSid, clock, watch } = parts
  const base = '/2010-04-01/Accounts/:account/Messages/:sid'
  const uriOf = (message: SimulatedMessage) => `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}`
  const present = (message: SimulatedMessage, { sid, contentType }: Medium) => ({
    account_sid: accountSid,
    content_type: contentType,
    date_created: twilioDate(message.at),
    date_updated: twilioDate(message.at),
    parent_sid: message.sid,
    sid,
    uri: `${uriOf(message)}/Media/${sid}.json`,
  })
  const withMedium = (act: (call: Call, message: SimulatedMessage, medium: Medium) => void) =>
    withMessage((call, message) => {
      const medium = mediaOf(message).find(({ sid }) => sid === call.parts.medium)
      if (medium === undefined) return missing(call)
      act(call, message, medium)
    })

  routes.add(
    'GET',
    `${base}/Media.json`,
    withMessage((call, message) => {
      const { query, path } = call
      const media = mediaOf(message)
      const paging = readPaging(query, (sid) => media.some((one) => one.sid === sid))
      if ('refused' in paging) return refuse(call, paging.refused)
      const created = readDates(query, 'DateCreated')
      if (created === null) return refuse(call, refusal(20001, 'DateCreated'))
      const { entries, more } = pageOf(isWithin(message.at, created) ? media : [], paging)
      const listed = entries.map((medium) => ({ sid: medium.sid, shown: present(message, medium) }))
      answerJson(call.response, 200, presentPage('media_list', listed, paging, more, { path, query }))
    }),
  )
  routes.add(
    'GET',
    `${base}/Media/:medium.json`,
    withMedium((call, message, medium) => answerJson(call.response, 200, present(message, medium))),
  )
  routes.add(
    'DELETE',
    `${base}/Media/:medium.json`,
    withMedium((call, message, { index }) => {
      message.deletedMedia.add(index)
      message.updatedAt = clock.now()
      watch.message(message)
      call.response.writeHead(204).end()
    }),
  )
  routes.add(
    'GET',
    `${base}/Media/:medium`,
    withMedium((call, message, { index, url, shot }) => {
      if (shot !== null) {
        // As Twilio: to where the bytes are, which asks for no password.
        call.response.writeHead(307, { Location: `${parts.apiUrl()}${mediaPath}${message.sid}-${index}` }).end()
        return
      }
      if (url === null) return missing(call)
      call.response.writeHead(307, { Location: url }).end()
    }),
  )
  routes.add(
    'POST',
    `${base}/Feedback.json`,
    withMessage((call, message) => {
      const given = new URLSearchParams(call.body).get('Outcome') ?? 'confirmed'
      const outcome = feedbackOutcomes.find((one) => one === given)
      if (outcome === undefined) return refuse(call, refusal(20001, 'Outcome'))
      const at = clock.now()
      const first = message.feedback?.at ?? at
      message.feedback = { outcome, at: first }
      watch.message(message)
      answerJson(call.response, 200, {
        account_sid: accountSid,
        date_created: twilioDate(first),
        date_updated: twilioDate(at),
        message_sid: message.sid,
        outcome,
        uri: `${uriOf(message)}/Feedback.json`,
      })
    }),
  )
}

type Serving = Pick<SimulatorParts, 'messages' | 'faults' | 'clock' | 'random' | 'scheduler'>

/** The bytes, at an address that nobody guesses. Who brings a password is refused, as by the stores behind Twilio. False: not for here. */
export function serveMedia(parts: Serving, request: IncomingMessage, response: ServerResponse): boolean {
  const { messages } = parts
  const path = request.url ?? ''
  if (!path.startsWith(mediaPath)) return false
  const [sid = '', index] = path.slice(mediaPath.length).split('-')
  const message = messages.get(sid)
  const medium = message && mediaOf(message).find((one) => String(one.index) === index)
  if (!medium?.shot) response.writeHead(404).end()
  else if (request.headers.authorization !== undefined) response.writeHead(400).end('Only one way to sign in is allowed')
  else handOver(parts, response, message as SimulatedMessage, { ...medium, shot: medium.shot })
  return true
}

function handOver(
  { faults, clock, random, scheduler }: Serving,
  response: ServerResponse,
  message: SimulatedMessage,
  { index, contentType, shot }: Medium & { shot: Shot },
): void {
  const call: MediaCall = { index, at: clock.now(), end: 'pending', endedAt: null }
  message.mediaCalls.push(call)
  const ended = (end: MediaCall['end']) => {
    if (call.end === 'pending') Object.assign(call, { end, endedAt: clock.now() })
  }
  if (faults.happens('failingMedia', message.phone)) {
    ended('refused')
    response.writeHead(500).end()
    return
  }
  const bytes = bytesOf(shot)
  response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': bytes.length })
  response.once('finish', () => ended('whole')).once('close', () => ended('broken'))
  if (!faults.happens('slowMedia', message.phone)) {
    response.end(bytes)
    return
  }
  const half = bytes.length >> 1
  response.write(bytes.subarray(0, half))
  scheduler.after(Math.floor(random() * mostSlowMs), () => response.end(bytes.subarray(half)))
}
