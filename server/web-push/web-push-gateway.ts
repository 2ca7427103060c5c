// Web Push (RFC 8030, 8291, 8292) by the web-push library: encrypted for one browser, signed with this installation's
// own key pair, which is made once and kept in the store.
import type { Agent } from 'node:https'
import type { Logger } from 'pino'
import webPush from 'web-push'
import type { Store } from '../store/store.ts'
import type { PushGateway } from '../team/push-gateway.ts'

export interface WebPushOptions {
  store: Pick<Store, 'keepFirst'>
  log: Logger
  /** Who sends, for the push services to complain to. */
  publicUrl: string
  /** Connections of a test. */
  agent?: Agent
}

interface KeyPair {
  publicKey: string
  privateKey: string
}

/** A browser that is off for longer need not hear of it: the message is unread in the inbox. */
const TTL_S = 60 * 60
const TIMEOUT_MS = 10_000
/** Push services name the browser's subscription gone so. */
const GONE = new Set([404, 410])

/** The services take https or mailto addresses only. */
const subject = (publicUrl: string) => (publicUrl.startsWith('https:') ? publicUrl : `mailto:hilo@${new URL(publicUrl).hostname}`)

/** A later note of one conversation replaces an earlier one that still waits; at most 32 characters of base64url. */
const topicOf = (conversationId: string) => conversationId.replaceAll('-', '').slice(0, 32)

export function createWebPushGateway({ store, log, publicUrl, agent }: WebPushOptions): PushGateway {
  let kept: Promise<KeyPair> | null = null

  function keys(): Promise<KeyPair> {
    kept ??= store
      .keepFirst('vapid', JSON.stringify(webPush.generateVAPIDKeys()))
      .then((text) => JSON.parse(text) as KeyPair)
      .catch((error: unknown) => {
        kept = null
        throw error
      })
    return kept
  }

  return {
    publicKey: async () => (await keys()).publicKey,
    async send({ endpoint, p256dh, auth }, note) {
      try {
        await webPush.sendNotification({ endpoint, keys: { p256dh, auth } }, JSON.stringify(note), {
          vapidDetails: { subject: subject(publicUrl), ...(await keys()) },
          TTL: TTL_S,
          urgency: 'high',
          topic: topicOf(note.conversationId),
          timeout: TIMEOUT_MS,
          ...(agent ? { agent } : {}),
        })
        return 'sent'
      } catch (error) {
        const status = error instanceof webPush.WebPushError ? error.statusCode : null
        if (status !== null && GONE.has(status)) return 'gone'
        log.warn(
          { status, service: new URL(endpoint).host, reason: (error as Error).message },
          'A push service did not take a notification',
        )
        return 'failed'
      }
    },
  }
}
