// The worker's side of Web Push, for a host's own worker file to import: shows what the server sent, and brings the agent
// to the thread.
interface Note {
  title: string
  body: string
  conversationId: string
  page: string
}
interface PageClient {
  focused: boolean
  visibilityState: string
  focus(): Promise<PageClient>
  postMessage(message: unknown): void
}
interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface Worker extends EventTarget {
  registration: ServiceWorkerRegistration
  clients: {
    matchAll(options: { type: 'window'; includeUncontrolled: true }): Promise<PageClient[]>
    openWindow(url: string): Promise<PageClient | null>
  }
}

const worker = self as unknown as Worker
/** Asked for by a page that was not open yet. */
let wanted: string | null = null

const pages = () => worker.clients.matchAll({ type: 'window', includeUncontrolled: true })

async function show({ title, body, conversationId, page }: Note): Promise<void> {
  await worker.registration.showNotification(title, { body, tag: `hilo-${conversationId}`, data: { conversationId, page } })
}

async function follow({ conversationId, page }: Pick<Note, 'conversationId'> & Partial<Note>): Promise<void> {
  const open = await pages()
  const best = open.find((one) => one.focused) ?? open.find((one) => one.visibilityState === 'visible') ?? open[0]
  if (best) {
    best.postMessage({ hilo: 'open', conversationId })
    await best.focus()
    return
  }
  wanted = conversationId
  await worker.clients.openWindow(page ?? worker.registration.scope)
}

worker.addEventListener('push', (event) => {
  const { data } = event as WorkerEvent & { data: { json(): Note } | null }
  // Without words the browser would say itself that something happened.
  if (data) (event as WorkerEvent).waitUntil(show(data.json()))
})

worker.addEventListener('notificationclick', (event) => {
  const { notification } = event as WorkerEvent & { notification: Notification }
  const data = notification.data as Partial<Note> | null
  if (!data?.conversationId) return
  notification.close()
  ;(event as WorkerEvent).waitUntil(follow({ ...data, conversationId: data.conversationId }))
})

worker.addEventListener('message', (event) => {
  const { data, source } = event as MessageEvent<{ hilo?: string } | null>
  if (data?.hilo !== 'ready' || wanted === null) return
  ;(source as PageClient | null)?.postMessage({ hilo: 'open', conversationId: wanted })
  wanted = null
})
