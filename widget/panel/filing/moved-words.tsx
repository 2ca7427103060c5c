// The words of a move in both threads, with Undo, once. Records are said by their title.
import { useEffect, useState } from 'preact/hooks'
import type { Coordination, Message } from '../../../shared/model.ts'
import { firstName } from '../names.ts'
import { problemText } from '../problem-text.ts'
import { useShared } from '../shared-state.ts'
import { useFilingWords } from './filing-words.ts'

export function MovedWords({ message, count: n }: { message: Message; count: number }) {
  const { client, words, count } = useShared()
  const texts = useFilingWords()
  const { moved, arrived, author, coordinationId } = message
  // Limited, one is not told of other records: neither which it was nor whether it went or came.
  const isHidden = client.isLimited()
  const isAway = !arrived && moved?.from === coordinationId
  const other = (arrived ? arrived.from : isAway ? moved?.to : moved?.from) ?? null
  const title = useTitle(other)
  const name = firstName((arrived ? arrived.by.name : author.name) || words.system)
  const values = { name, r: other === null ? texts.unfiled : (title ?? texts.elsewhere) }
  const undoId = arrived ? arrived.undoId : isAway ? moved?.undoId : null
  return (
    <>
      {count(isHidden ? (arrived ? texts.arrivedSome : texts.movedSome) : isAway ? texts.movedAway : texts.moved, n, values)}
      {undoId && <Undo undoId={undoId} />}
    </>
  )
}

const titles = new Map<string, string>()

/** Undefined: not known yet, or not to be known. */
function useTitle(id: string | null): string | undefined {
  const { client } = useShared()
  const [, draw] = useState(0)
  useEffect(() => {
    if (id === null || client.isLimited()) return
    let current = true
    void client.http<Coordination>('GET', `/api/coordinations/${encodeURIComponent(id)}`).then((answer) => {
      if (!answer.ok) return
      titles.set(id, answer.title)
      if (current) draw((n) => n + 1)
    })
    return () => {
      current = false
    }
  }, [id])
  return id === null ? undefined : titles.get(id)
}

function Undo({ undoId }: { undoId: string }) {
  const { client, words } = useShared()
  const [state, setState] = useState<'there' | 'busy' | 'done'>('there')
  const [problem, setProblem] = useState('')
  if (state === 'done') return null

  async function undo(button: HTMLElement): Promise<void> {
    // The button goes, perhaps with its line; the keys stay among the messages.
    button.closest<HTMLElement>('[role="log"]')?.focus({ preventScroll: true })
    setState('busy')
    setProblem('')
    const answer = await client.http('POST', '/api/messages/move/undo', { undoId })
    // Undone before, by somebody else: there is nothing left to undo.
    const isDone = answer.ok || answer.error.code === 'conflict'
    setState(isDone ? 'done' : 'there')
    if (!isDone) setProblem(problemText(words, answer.error))
  }

  return (
    <>
      {' · '}
      <button type="button" class="link" disabled={state === 'busy'} onClick={(event) => void undo(event.currentTarget)}>
        {words.undo}
      </button>
      {problem && <span role="alert"> {problem}</span>}
    </>
  )
}
