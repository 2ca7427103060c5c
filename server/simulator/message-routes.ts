// The Message resource of Twilio's REST API: create, list, fetch, update, delete.
import type { CreateAnswer, createSendDesk } from './create-message.ts'
import type { Delivery } from './deliver-message.ts'
import { presentPage, readPaging } from './list-page.ts'
import type { SimulatorParts } from './parts.ts'
import { readDates } from './read-dates.ts'
import { refusal } from './refusals.ts'
import { answerJson, type Call, type Routes } from './routes.ts'
import { presentMessage } from './simulated-message.ts'
import type { ApiAnswers } from './twilio-api.ts'

export function addMessageRoutes(
  routes: Routes,
  parts: SimulatorParts,
  answers: ApiAnswers,
  desk: ReturnType<typeof createSendDesk>,
  delivery: Delivery,
): void {
  const { accountSid, clock, faults, messages, watch } = parts
  const { refuse, ofAccount, withMessage } = answers
  const list = '/2010-04-01/Accounts/:account/Messages.json'
  const one = '/2010-04-01/Accounts/:account/Messages/:sid.json'

  const answerSend = (call: Call, answer: CreateAnswer) => {
    if (answer.kind === 'created') return answerJson(call.response, 201, presentMessage(answer.message, accountSid, true))
    if (answer.kind === 'cut') call.response.socket?.destroy()
    if (answer.kind !== 'refused') return
    refuse(call, answer.refused, answer.retryAfter === null ? {} : { 'Retry-After': String(answer.retryAfter) })
  }
  routes.add(
    'POST',
    list,
    ofAccount((call) => {
      const answer = desk.create(new URLSearchParams(call.body))
      const { answeredAfterMs } = parts.timing
      if (answeredAfterMs === 0) answerSend(call, answer)
      else parts.scheduler.after(answeredAfterMs, () => answerSend(call, answer))
    }),
  )

  routes.add(
    'GET',
    list,
    ofAccount((call) => {
      const { query, path } = call
      const paging = readPaging(query, messages.knows)
      if ('refused' in paging) return refuse(call, paging.refused)
      const sent = readDates(query, 'DateSent')
      if (sent === null) return refuse(call, refusal(20001, 'DateSent'))
      const { edge, size } = paging
      const filter = { to: query.get('To'), from: query.get('From'), sent }
      const found = messages.list({ ...filter, edge, limit: size + 1 }, clock.now())
      // The one too many is the oldest, or the newest of a page that lies before its token.
      const shown = edge?.side === 'newer' ? found.slice(-size) : found.slice(0, size)
      const entries = shown.map((message) => {
        const hidden = message.direction !== 'inbound' && faults.get(message.to).listWithoutFrom
        return { sid: message.sid, shown: { ...presentMessage(message, accountSid), ...(hidden ? { from: null } : {}) } }
      })
      const more = edge?.side === 'newer' || found.length > size
      answerJson(call.response, 200, presentPage('messages', entries, paging, more, { path, query }))
    }),
  )

  routes.add(
    'GET',
    one,
    withMessage((call, message) => answerJson(call.response, 200, presentMessage(message, accountSid))),
  )
  routes.add(
    'POST',
    one,
    withMessage((call, message) => {
      const form = new URLSearchParams(call.body)
      const [status, body] = [form.get('Status'), form.get('Body')]
      // One of two things: to cancel what is scheduled, or to have the text forgotten.
      const cancels = status === 'canceled' && body === null
      const redacts = status === null && body === ''
      if (!cancels && !redacts) return refuse(call, refusal(30400))
      if (cancels && !delivery.cancel(message)) return refuse(call, refusal(30409))
      if (redacts) {
        message.body = ''
        message.updatedAt = clock.now()
        watch.message(message)
      }
      answerJson(call.response, 200, presentMessage(message, accountSid))
    }),
  )
  routes.add(
    'DELETE',
    one,
    withMessage((call, message) => {
      messages.remove(message)
      call.response.writeHead(204).end()
    }),
  )
}
