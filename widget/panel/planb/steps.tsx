// The steps of a planned message, the one marked that would be taken by what is known now.
import type { Message, PlanB } from '../../../shared/model.ts'
import { chooseStep } from '../../../shared/plan-b.ts'
import { closedAt } from '../closed-at.ts'
import { useShared } from '../shared-state.ts'
import { templateTitle } from '../template-title.ts'
import { useScene } from '../thread-scene.ts'
import { maySms } from './may-sms.ts'
import { usePlanBWords } from './planb-words.ts'

/** The client holds no more. */
const MOST = 100

export function Steps({ message, planB }: { message: Message; planB: PlanB }) {
  const { client, say } = useShared()
  const { conversation } = useScene()
  const own = usePlanBWords()
  const here = conversation.value
  if (!here) return null
  const { template, sms } = planB
  // Among the first that the server tells: of one that is not there, the server judges when it is due.
  const known = client.templates.value.find((one) => one.name === template?.name && one.language === (template.language ?? one.language))
  const { step: next } = chooseStep({
    blocked: here.optedOut ? 'opted_out' : null,
    windowOpen: !closedAt(here, Date.parse(message.dueAt ?? message.createdAt)),
    template: template ? (known?.approved ?? client.templates.value.length >= MOST) : null,
    sms: sms && maySms(client, here),
  })
  const steps = [
    { step: 'text', words: own.stepText },
    ...(template ? [{ step: 'template', words: say(own.elseTemplate, { t: templateTitle(template.name) }) }] : []),
    ...(sms ? [{ step: 'sms', words: own.elseSms }] : []),
  ]
  return (
    <ol class="planb-steps">
      {steps.map(({ step, words }) => (
        <li key={step} aria-current={step === next ? 'step' : undefined}>
          {words}
          {step === next && <span class="planb-now"> · {own.forNow}</span>}
        </li>
      ))}
      {next === null && <li class="danger">{own.nothingNow}</li>}
    </ol>
  )
}
