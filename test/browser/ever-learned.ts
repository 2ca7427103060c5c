// All that an agent's page was ever told or showed: texts in the page and in what the widget put into it, answers, packets of
// sockets. Nothing of what is not this agent's may be in it.
import type { Page } from 'playwright-core'
import type { Contact, Message, OwnConversation } from '../../shared/model.ts'

/** Runs in the page before everything else: remembers every text that ever stood in it. */
export const rememberShown = `
const seen = new Set()
window.everShown = () => [...seen]
const look = (root) => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) seen.add(walker.currentNode.data)
  for (const element of root.querySelectorAll('[aria-label], [title], [placeholder], input, textarea'))
    for (const text of [element.ariaLabel, element.title, element.placeholder, element.value]) if (text) seen.add(text)
  for (const element of root.querySelectorAll('*')) if (element.shadowRoot) watch(element.shadowRoot)
}
const watched = new WeakSet()
const watch = (root) => {
  look(root)
  if (watched.has(root)) return
  watched.add(root)
  new MutationObserver(() => look(root)).observe(root, { childList: true, subtree: true, characterData: true, attributes: true })
}
document.addEventListener('DOMContentLoaded', () => watch(document.documentElement))`

/** All that the page showed so far, in a page that `rememberShown` was given to. */
export const everShown = (page: Page): Promise<string> =>
  page.evaluate(() => (window as unknown as { everShown(): string[] }).everShown().join('\n'))

/** All that the page is told from now on; the answer waits for what is still under way. Scripts are the same for all, and left out. */
export function listen(page: Page): () => Promise<string> {
  const heard: (string | Promise<string>)[] = []
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(payload.toString())))
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') return
    heard.push(response.text().catch(() => ''))
  })
  return async () => (await Promise.all(heard)).join('\n')
}

const timesIn = (one: unknown) => JSON.stringify(one).match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g) ?? []

/** Ids, texts and times of what is not an agent's own; an instant that is also of his, or of a client of his, is no foreign one. */
export function foreignWords(
  conversations: readonly OwnConversation[],
  messages: readonly Message[],
  clients: readonly Contact[],
  isOwn: (coordinationId: string | null) => boolean,
): Set<string> {
  const all = [...conversations, ...messages]
  const own = new Set([...clients, ...all.filter((one) => isOwn(one.coordinationId))].flatMap(timesIn))
  // The window is the line's: until when he may be written to tells when he wrote.
  const known = new Set(clients.map(({ id }) => id))
  for (const { author, createdAt } of messages) if (author.id !== null && known.has(author.id)) own.add(createdAt)
  // So it changes all conversations of the line at once.
  const foreign = [...conversations.map((one) => ({ ...one, updatedAt: '' })), ...messages].filter((one) => !isOwn(one.coordinationId))
  const words = new Set(foreign.flatMap((one) => ['text' in one ? one.text : '', one.id, one.id.slice(-12), ...timesIn(one)]))
  for (const word of [...own, '']) words.delete(word)
  return words
}

/** Those of the words that were learned, each with where it stood. */
export function leaks(learned: string, words: Iterable<string>): string[] {
  return [...words].flatMap((word) => {
    const at = learned.indexOf(word)
    return at < 0 ? [] : `${word} in ${learned.slice(Math.max(0, at - 200), at + 60)}`
  })
}
