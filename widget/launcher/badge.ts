// The text of a badge in the host's own lists: the unread number, else what waits without a record (hollow), else how long a client
// waits, else nothing, in its place. Unread and unfiled at once: the number with a ring.
import { paths } from './button.ts'
import type { Hub } from './elements.ts'
import { count, labels, waited } from './labels.ts'
import { icon } from './surface.ts'

const MINUTE_MS = 60_000
const TICK_MS = 20_000

/** One clock for all badges that show a time; none while there is none. */
const ticking = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function tick(draw: () => void, isOn: boolean): void {
  if (isOn) ticking.add(draw)
  else ticking.delete(draw)
  if (ticking.size > 0) timer ??= setInterval(() => ticking.forEach((one) => void one()), TICK_MS)
  else {
    clearInterval(timer)
    timer = undefined
  }
}

/** Fills `into`, and again with each change; the answer ends it. */
export function showBadge(hub: Hub, coordinationId: string | null, into: HTMLElement): () => void {
  const mark = document.createElement('span')
  mark.setAttribute('part', 'badge')
  mark.setAttribute('role', 'img')
  mark.translate = false
  into.replaceChildren(mark)
  let unread = 0
  let since: number | null = null
  let unfiled = 0

  function draw(): void {
    const words = labels[hub.locale()]
    const waitedMs = unread + unfiled > 0 || since === null ? 0 : Date.now() - since
    const waits = waitedMs >= MINUTE_MS
    const time = waited(hub.locale(), waitedMs)
    mark.className = `badge${waits ? ' waiting' : ''}${unfiled > 0 ? (unread > 0 ? ' ringed' : ' hollow') : ''}`
    mark.dataset.n = String(unread || unfiled)
    const says = [...(unread > 0 || unfiled === 0 ? [words.unread(unread)] : []), ...(unfiled > 0 ? [words.unfiled(unfiled)] : [])]
    mark.setAttribute('aria-label', waits ? words.waits(time) : says.join(', '))
    if (waits) mark.replaceChildren(icon(...paths.waiting), time)
    else mark.textContent = count(unread || unfiled)
  }

  draw()
  const off =
    coordinationId &&
    hub.watchBadge(coordinationId, (number, waitingSince, waitingUnfiled) => {
      unread = number
      since = waitingSince
      unfiled = waitingUnfiled
      tick(draw, since !== null && unread + unfiled === 0)
      draw()
    })
  return () => {
    if (off) off()
    tick(draw, false)
  }
}
