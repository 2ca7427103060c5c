// All that an agent's page was ever told or showed: texts in the page and in what the widget put into it, answers, packets of
// sockets. Nothing of what is not this agent's may be in it.
import type { Page } from 'playwright-core'

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
