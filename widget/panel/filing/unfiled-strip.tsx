// At a client's record: what waits of him without one. Who may see it looks or brings it here; who may not asks those who may.
import { useEffect, useState } from 'preact/hooks'
import type { Message, OwnConversation } from '../../../shared/model.ts'
import type { Unfiled } from '../../client/badges.ts'
import { formatWait } from '../../locales/format.ts'
import { contactName } from '../contact-name.ts'
import { moveMessages } from './file-conversation.ts'
import { Icon } from '../icon.tsx'
import { firstName } from '../names.ts'
import { problemText } from '../problem-text.ts'
import { useShared } from '../shared-state.ts'
import { useScene } from '../thread-scene.ts'
import { useFilingWords } from './filing-words.ts'

interface StripProps {
  conversation: OwnConversation
  coordinationId: string
  unfiled: Unfiled
}

const MOST = 100

export function UnfiledStrip({ conversation, coordinationId, unfiled }: StripProps) {
  const shared = useShared()
  const { client, words, zone, now, inline, say, count, go } = shared
  const { focus } = useScene()
  const texts = useFilingWords()
  const [state, setState] = useState<'there' | 'busy' | 'asked'>('there')
  const [problem, setProblem] = useState('')
  const limited = client.isLimited()
  const n = unfiled.count
  useEffect(() => setState('there'), [n])

  async function threads(): Promise<OwnConversation[]> {
    const query = new URLSearchParams({ contactId: conversation.contact.id, unfiled: 'true', awaiting: 'true', sort: 'waiting' })
    const answer = await client.http<{ items: OwnConversation[] }>('GET', `/api/conversations?${query}`)
    if (!answer.ok) setProblem(problemText(words, answer.error))
    return answer.ok ? answer.items : []
  }

  async function see(): Promise<void> {
    const [first] = await threads()
    if (first) go({ at: 'thread', conversationId: first.id, target: {} })
  }

  /** Its unanswered messages; the others stay where they were answered. */
  async function bring(): Promise<void> {
    setState('busy')
    setProblem('')
    for (const { id, inboundCount, answeredCount } of await threads()) {
      const read = await client.http<{ items: Message[] }>('GET', `/api/conversations/${id}/messages?limit=${MOST}`)
      const inbound = read.ok ? read.items.filter((one) => one.direction === 'inbound' && one.seq !== null) : []
      const ids = inbound.slice(answeredCount - inboundCount).map((one) => one.id)
      const answer = ids.length > 0 ? await moveMessages(shared, { ids }, coordinationId) : read
      if (!answer.ok) setProblem(problemText(words, answer.error))
    }
    setState('there')
    focus.value++
  }

  async function ask(): Promise<void> {
    setState('busy')
    const answer = await client.http('POST', `/api/coordinations/${encodeURIComponent(coordinationId)}/ask-filing`, {})
    setState(answer.ok ? 'asked' : 'there')
    setProblem(answer.ok ? '' : problemText(words, answer.error))
  }

  const waitedMs = unfiled.since === null ? 0 : now.value - Date.parse(unfiled.since)
  return (
    <div class="strip unfiled" role="status">
      <Icon name="inbox" />
      <span class="grow">
        {state === 'asked' ? texts.asked : count(texts.wrote, n, { name: firstName(contactName(conversation.contact)) })}
        {waitedMs >= 60_000 && state !== 'asked' && (
          <span class="num"> · {say(texts.since, { t: formatWait(zone.locale, words, waitedMs) })}</span>
        )}
        {problem && (
          <span class="danger" role="alert">
            {' '}
            {problem}
          </span>
        )}
      </span>
      {!limited && !inline && (
        <button type="button" class="link" onClick={() => void see()}>
          {texts.see}
        </button>
      )}
      {!limited && (
        <button type="button" class="link" disabled={state === 'busy'} onClick={() => void bring()}>
          {count(texts.bring, n)}
        </button>
      )}
      {limited && state !== 'asked' && (
        <button type="button" class="link" disabled={state === 'busy'} onClick={() => void ask()}>
          {count(texts.ask, n)}
        </button>
      )}
    </div>
  )
}
