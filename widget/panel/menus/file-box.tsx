// Under which record something stands: one of its client's own, or by a search any other, which is asked about first.
import { useEffect, useState } from 'preact/hooks'
import type { Answer } from '../../../shared/events.ts'
import type { Coordination, OwnConversation } from '../../../shared/model.ts'
import { contactName } from '../contact-name.ts'
import { Icon } from '../icon.tsx'
import type { PopupProps } from '../popup.tsx'
import { problemText } from '../problem-text.ts'
import { recordTitle } from '../record-title.ts'
import { useShared } from '../shared-state.ts'
import { useMenuWords } from './menu-words.ts'
import { PopupBox } from './popup-box.tsx'

const TYPED_MS = 250
const MOST = 8

interface BoxProps extends PopupProps {
  conversation: OwnConversation
  onFile(coordinationId: string | null): Promise<Answer<object>>
}

export function FileBox({ conversation, onFile, ...popup }: BoxProps) {
  const { client, words, zone, now, say } = useShared()
  const own = useMenuWords()
  const { phone } = conversation.contact
  const [doubtful, setDoubtful] = useState<Coordination | null>(null)
  const [typed, setTyped] = useState('')
  const [found, setFound] = useState<Coordination[] | null>(null)
  const [problem, setProblem] = useState('')

  useEffect(() => {
    let current = true
    const timer = setTimeout(
      async () => {
        const query = new URLSearchParams({
          limit: String(MOST),
          ...(typed.trim() ? { q: typed.trim() } : phone ? { phone } : { status: 'active' }),
        })
        const answer = await client.http<{ items: Coordination[] }>('GET', `/api/coordinations?${query}`)
        if (!current) return
        setProblem(answer.ok ? '' : problemText(words, answer.error))
        if (answer.ok) setFound(answer.items.filter((one) => one.id !== conversation.coordinationId))
      },
      typed === '' ? 0 : TYPED_MS,
    )
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [typed])

  async function file(coordinationId: string | null): Promise<void> {
    const answer = await onFile(coordinationId)
    if (answer.ok) popup.onClose()
    else setProblem(problemText(words, answer.error))
  }

  const isOwn = ({ contact }: Coordination) =>
    phone !== null && [contact.phone, contact.phones?.whatsapp, contact.phones?.sms].includes(phone)

  return (
    <PopupBox
      {...popup}
      role="dialog"
      class="wide"
      label={own.file}
      onKeyDown={(event, box) => {
        const now = (box.getRootNode() as ShadowRoot).activeElement as HTMLElement
        if (event.key === 'Enter' && now.matches('input')) return box.querySelector<HTMLElement>('.found .option')?.click()
        if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
        const stops = [...box.querySelectorAll<HTMLElement>('input, .option')]
        const at = stops.indexOf(now)
        stops[Math.max(0, Math.min(stops.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1)))]?.focus()
        event.preventDefault()
        event.stopPropagation()
      }}
    >
      <label class="searchbox">
        <Icon name="search" class="s16" />
        <input
          type="search"
          aria-label={own.searchRecord}
          placeholder={own.searchRecord}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons, not a list of texts */}
      <div class="found" role="group" aria-label={own.file} aria-live="polite">
        {found?.map((one) => (
          <button key={one.id} type="button" class="option two" onClick={() => (isOwn(one) ? void file(one.id) : setDoubtful(one))}>
            <span class="cut">{recordTitle(zone, one, now.value)}</span>
            <span class="cut muted">{one.contact.name}</span>
          </button>
        ))}
        {found?.length === 0 && <p class="hint muted">{typed.trim() === '' ? words.nothingHere : say(words.none, { q: typed.trim() })}</p>}
      </div>
      {problem && (
        <p class="hint danger" role="alert">
          {problem}
        </p>
      )}
      {doubtful && (
        <div class="hint" role="alert">
          {say(own.foreign, { r: doubtful.title, other: doubtful.contact.name, name: contactName(conversation.contact) })}{' '}
          <button type="button" class="link" onClick={() => void file(doubtful.id)}>
            {own.fileAnyway}
          </button>
        </div>
      )}
      {conversation.coordinationId !== null && !client.isLimited() && (
        <button type="button" class="option" onClick={() => void file(null)}>
          <Icon name="inbox" />
          {own.unfile}
        </button>
      )}
    </PopupBox>
  )
}
