// Calls socket events over HTTP. A chunk of its own: few networks let no WebSocket pass.
import type { Answer, ReadyEvent } from '../../shared/events.ts'
import type { Role, Unread } from '../../shared/model.ts'
import type { Body, Event, Http, Reply } from './http.ts'
import type { Claims } from './token.ts'

function query(values: object): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null)
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`
}

/** `viewing` and `typing` have no counterpart: they are nothing without a socket. */
export async function callOverHttp<E extends Event>(http: Http, event: E, body: Body<E>): Promise<Reply<E>> {
  const { conversationId, ...rest } = body as { conversationId?: string }
  const conversation = `/api/conversations/${encodeURIComponent(conversationId ?? '')}`
  const ask = (): Promise<Answer<object>> => {
    switch (event) {
      case 'sync':
        return http('GET', `/api/sync${query(body)}`)
      case 'conversations:count':
        return http('GET', '/api/conversations/counts')
      case 'conversations:list':
        return http('GET', `/api/conversations${query(body)}`)
      case 'messages:list':
        return http('GET', `${conversation}/messages${query(rest)}`)
      case 'message:send':
        return http('POST', '/api/messages', body)
      case 'conversation:read':
        return http('POST', `${conversation}/read`, rest)
      case 'conversation:update':
        return http('PATCH', conversation, rest)
      case 'subscribe:coordinations':
        return badgesOverHttp(http, (body as Body<'subscribe:coordinations'>).ids)
      default:
        return Promise.resolve({ ok: true })
    }
  }
  return (await ask()) as Reply<E>
}

async function badgesOverHttp(http: Http, ids: string[]): Promise<Reply<'subscribe:coordinations'>> {
  if (ids.length === 0) return { ok: true, badges: {}, waiting: {}, unfiled: {}, unfiledSince: {} }
  const answer = await http<Unread>('GET', `/api/unread${query({ coordinations: ids.join(',') })}`)
  if (!answer.ok) return answer
  return {
    ok: true,
    badges: answer.byCoordination ?? {},
    waiting: answer.waitingByCoordination ?? {},
    unfiled: answer.unfiledByCoordination ?? {},
    unfiledSince: answer.unfiledSinceByCoordination ?? {},
  }
}

/** Over HTTP nobody says `ready`: what of it the token and the server's status tell. */
export async function readyOverHttp(http: Http, claims: Claims, now: number): Promise<ReadyEvent> {
  const [status, settings] = await Promise.all([
    http<{ channels: ReadyEvent['channels'] }>('GET', '/api/status'),
    http<ReadyEvent['settings']>('GET', '/api/me/settings'),
  ])
  const { timeZone, locale } = Intl.DateTimeFormat().resolvedOptions()
  return {
    agent: { id: claims.sub, name: claims.name, role: claims.role as Role },
    org: claims.org,
    serverTime: new Date(now).toISOString(),
    timezone: timeZone,
    locale,
    channels: status.ok ? status.channels : [],
    limits: { textChars: 1600, mediaBytes: 16_000_000 },
    settings: settings.ok
      ? settings
      : {
          sound: false,
          notifications: false,
          quiet: null,
          notifyOf: 'all',
          undoSend: true,
          checkText: true,
          assignOnAnswer: true,
          presence: 'online',
        },
  }
}
