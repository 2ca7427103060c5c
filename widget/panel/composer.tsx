// Where one writes, or what stands there instead: a form, the templates, or the reason why not.
import type { OwnConversation } from '../../shared/model.ts'
import { takesAnswers } from '../../shared/phone.ts'
import { closedAt } from './closed-at.ts'
import { firstName } from './names.ts'
import { onDemand } from './on-demand.tsx'
import { useShared } from './shared-state.ts'
import { useScene } from './thread-scene.ts'
import { WriteBox } from './write-box.tsx'

const Blocked = onDemand(async () => (await import('./forms/forms.ts')).forms.Blocked)
const ContactForm = onDemand(async () => (await import('./forms/forms.ts')).forms.ContactForm)
const MoveBar = onDemand(async () => (await import('./filing/filing.ts')).filing.MoveBar)
const TemplateForm = onDemand(async () => (await import('./forms/forms.ts')).forms.TemplateForm)
const TemplatePicker = onDemand(async () => (await import('./forms/forms.ts')).forms.TemplatePicker)
const VoiceBar = onDemand(async () => (await import('./voice/voice-bar.tsx')).VoiceBar)

/** `messenger:…` and the like: kept, but not answered. Ours are numbers and services. */
const isForeign = (sender: string) => sender.includes(':')

export function Composer({ conversation }: { conversation: OwnConversation }) {
  const { client, words, now, say, takes } = useShared()
  const { thread, mode } = useScene()
  const at = mode.value
  const { channel, contact } = conversation
  if (thread.state.value === 'gone') return <Blocked icon="lock" why="scope" />
  if (at.at === 'contact') return <ContactForm conversation={conversation} field={at.field} />
  if (at.at === 'move') return <MoveBar conversation={conversation} first={at.message} />
  if (at.at === 'note') return <WriteBox conversation={conversation} note />

  const channels = client.ready.value?.channels
  const sender =
    channels?.find((one) => one.channel === channel && one.sender === conversation.sender) ??
    channels?.find((one) => one.channel === channel)
  if (!takesAnswers(channel, contact.address)) return <Blocked icon="ban" why="noAnswers" conversation={conversation} />
  if (conversation.optedOut)
    return (
      <Blocked icon="ban" text={say(words.optedOut, { n: firstName(contact.name), channel: words[channel] })} conversation={conversation} />
    )
  if (isForeign(conversation.sender)) return <Blocked icon="alert" why="readOnly" conversation={conversation} />
  if (channels && !sender?.ready)
    return <Blocked icon="alert" text={say(words.noSender, { channel: words[channel] })} conversation={conversation} />
  if (at.at === 'form') return <TemplateForm conversation={conversation} {...at} />
  const closed = closedAt(conversation, now.value)
  if (!closed && at.at === 'templates') return <TemplatePicker conversation={conversation} {...at} />
  if (!closed && (at.at === 'voice' || takes.has(conversation.id))) return <VoiceBar conversation={conversation} />
  if (!closed) return <WriteBox conversation={conversation} />

  return <TemplatePicker conversation={conversation} isFirst={conversation.inboundCount === 0} isClosed />
}
