// This browser's subscription to Web Push, through the worker that the host serves.
import type { Http } from '../client/http.ts'
import { trustedUrl } from '../trusted-url.ts'

/** `unsupported`: this browser or this page cannot; `no_worker`: the host serves none. */
export type PushState = 'on' | 'no_worker' | 'unsupported' | 'failed'

export interface PushParts {
  http: Http
  /** Address of the worker's file on the host's own origin; null: there is none. */
  worker: string | null
  locale: string
}

/** Subscribes, or renews: the server forgets who does not come back. Permission was given before. */
export async function subscribePush({ http, worker, locale }: PushParts): Promise<PushState> {
  if (worker === null) return 'no_worker'
  if (!('serviceWorker' in navigator && 'PushManager' in window)) return 'unsupported'
  try {
    const key = await http<{ publicKey: string }>('GET', '/api/me/push')
    if (!key.ok) return 'failed'
    const registration = await navigator.serviceWorker.register(trustedUrl(worker), { scope: scopeOf(worker) })
    await isActive(registration)
    const subscription = await subscriptionOf(registration, key.publicKey)
    const { endpoint, keys } = subscription.toJSON()
    const page = location.href.replace(/#.*/, '')
    const answer = await http('POST', '/api/me/push', { endpoint, keys, page, locale })
    return answer.ok ? 'on' : 'failed'
  } catch {
    return 'failed' // no push service is reachable, or the worker's file is missing
  }
}

/** A scope of our own, which holds no page: the host's own worker, if it has one, stays what it is. */
const scopeOf = (worker: string) => new URL('hilo/', new URL(worker, location.href)).href

/** Our worker here, when it was registered before. */
export async function workerOf(worker: string | null): Promise<ServiceWorkerRegistration | undefined> {
  if (worker === null || !('serviceWorker' in navigator)) return undefined
  return await navigator.serviceWorker.getRegistration(scopeOf(worker))
}

/** `serviceWorker.ready` waits for a worker of this page, which ours is not. */
function isActive(registration: ServiceWorkerRegistration): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = registration.installing ?? registration.waiting
    if (registration.active || !next) return resolve()
    next.addEventListener('statechange', () => {
      if (next.state === 'activated') resolve()
      else if (next.state === 'redundant') reject(new Error('The worker could not be installed.'))
    })
  })
}

/** One made for another server's key is of no use here. */
async function subscriptionOf({ pushManager }: ServiceWorkerRegistration, publicKey: string): Promise<PushSubscription> {
  const known = await pushManager.getSubscription()
  const key = known?.options.applicationServerKey
  if (known && key && base64url(key) === publicKey.replace(/=+$/, '')) return known
  await known?.unsubscribe()
  return await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey })
}

function base64url(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)))
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** This browser hears nothing more, whoever signs in next. */
export async function unsubscribePush(http: Http, worker: string | null): Promise<void> {
  const subscription = await (await workerOf(worker))?.pushManager?.getSubscription()
  if (!subscription) return
  await http('DELETE', '/api/me/push', { endpoint: subscription.endpoint })
  await subscription.unsubscribe()
}

/** A click on a notification opens its thread here; also the click that opened this page. */
export async function listenToWorker(worker: string | null, open: (conversationId: string) => void, signal: AbortSignal): Promise<void> {
  const registration = await workerOf(worker)
  if (!registration?.active || signal.aborted) return
  navigator.serviceWorker.addEventListener(
    'message',
    ({ data, source }: MessageEvent<{ hilo?: unknown; conversationId?: unknown } | null>) => {
      const isOurs = source === registration.active && data?.hilo === 'open'
      if (isOurs && typeof data.conversationId === 'string') open(data.conversationId)
    },
    { signal },
  )
  navigator.serviceWorker.startMessages()
  registration.active.postMessage({ hilo: 'ready' })
}
