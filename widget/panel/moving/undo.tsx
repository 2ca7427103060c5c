// Puts moved messages back. Once: the line then leaves with them.
import { useState } from 'preact/hooks'
import { problemText } from '../problem-text.ts'
import { useShared } from '../shared-state.ts'

export function Undo({ undoId }: { undoId: string }) {
  const { client, words } = useShared()
  const [state, setState] = useState<'there' | 'busy' | 'done'>('there')
  const [problem, setProblem] = useState('')
  if (state === 'done') return null

  async function undo(): Promise<void> {
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
      <button type="button" class="link" disabled={state === 'busy'} onClick={() => void undo()}>
        {words.undo}
      </button>
      {problem && <span role="alert"> {problem}</span>}
    </>
  )
}
