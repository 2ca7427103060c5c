// A message of ours that the server did not take: it is old, a colleague was faster, or it was refused.
import { formatWait } from '../../locales/format.ts'
import type { Unsent } from '../../client/client.ts'
import { firstName } from '../names.ts'
import { problemText } from '../problem-text.ts'
import { useShared } from '../shared-state.ts'
import { splitSentence } from '../status-mark.tsx'
import { useScene } from '../thread-scene.ts'
import { give } from '../attached.ts'
import { useCardWords } from './card-words.ts'
import { fileProblem } from './file-problem.ts'
import { Card } from './card.tsx'

export function UnsentCard({ unsent }: { unsent: Unsent }) {
  const { client, words, zone, now, me, say } = useShared()
  const own = useCardWords()
  const scene = useScene()
  const { thread, conversation } = scene
  const code = unsent.problem?.code ?? ''

  function resend(): void {
    thread.resend(unsent.clientMessageId)
  }
  function discard(): void {
    thread.discard(unsent.clientMessageId)
  }
  function edit(): void {
    discard()
    give(scene.attached, unsent.parts?.flatMap(({ files }) => files) ?? [])
    if (unsent.note) {
      scene.note.value = unsent.text
      scene.mode.value = { at: 'note' }
    } else scene.edit(unsent.text)
  }

  if (unsent.state === 'late') {
    const [title, rest] = splitSentence(
      say(own.late, { t: formatWait(zone.locale, words, now.value - unsent.createdAt + client.clockSkewMs.value) }),
    )
    return (
      <Card icon="clock" title={`${title}.`} text={rest}>
        <Buttons first={words.send} onFirst={resend} second={own.discard} onSecond={discard} />
      </Card>
    )
  }
  if (code === 'conflict') {
    const answer = thread.messages.value.findLast(
      (one) => one.direction === 'outbound' && one.author.type === 'agent' && one.author.id !== me,
    )
    const [head = '', quoted = ''] = say(own.collision, {
      name: answer ? firstName(answer.author.name) : own.aColleague,
      text: answer?.text ?? '',
    }).split(/(?<=:)\s/)
    return (
      <Card icon="user" title={head} text={answer?.text ? quoted : ''}>
        <Buttons first={own.sendAnyway} onFirst={resend} second={own.backToEditing} onSecond={edit} />
        <button type="button" class="btn small quiet" onClick={discard}>
          {own.discard}
        </button>
      </Card>
    )
  }
  const contact = conversation.value?.contact
  const wrongFile = unsent.parts && unsent.problem && fileProblem(own, unsent.problem)
  const usual = problemText(words, unsent.problem ?? { code }, {
    n: contact?.name ?? '',
    channel: conversation.value ? words[conversation.value.channel] : '',
  })
  const text = wrongFile ?? usual
  const chooses = code === 'window_closed' || code.startsWith('template')
  return (
    <Card icon="alert" class="failed" title={words.sendRefused} text={text === words.sendRefused ? '' : text}>
      {chooses ? (
        <Buttons
          first={own.chooseTemplate}
          onFirst={() => (scene.mode.value = { at: 'templates' })}
          second={own.discard}
          onSecond={discard}
        />
      ) : (
        <>
          <Buttons first={own.resend} onFirst={resend} second={own.discard} onSecond={discard} />
          {!unsent.template && (
            <button type="button" class="btn small quiet" onClick={edit}>
              {own.backToEditing}
            </button>
          )}
        </>
      )}
    </Card>
  )
}

interface ButtonsProps {
  first: string
  onFirst(): void
  second: string
  onSecond(): void
}

function Buttons({ first, onFirst, second, onSecond }: ButtonsProps) {
  return (
    <>
      <button type="button" class="btn small" onClick={onFirst}>
        {first}
      </button>
      <button type="button" class="btn small quiet" onClick={onSecond}>
        {second}
      </button>
    </>
  )
}
