// A message to a number that has no conversation yet. Nothing is sent here: it finds or makes the conversation.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { isBlank } from '../../../shared/is-blank.ts'
import type { Channel } from '../../../shared/model.ts'
import { SimpleHead } from '../finding.tsx'
import { isPlain } from '../own-events.ts'
import { problemText } from '../problem-text.ts'
import { useShared } from '../shared-state.ts'
import { useFormWords } from './form-words.ts'
import { Strip } from '../strip.tsx'
import { NumberField } from './number-field.tsx'
import { onDemand } from '../on-demand.tsx'

const WhoSearch = onDemand(async () => (await import('../search/search.ts')).search.WhoSearch)
const channels: Channel[] = ['whatsapp', 'sms']

export function NewMessage() {
  const { client, words, go } = useShared()
  const own = useFormWords()
  const ready = client.ready.value?.channels.filter((one) => one.ready).map((one) => one.channel) ?? channels
  const usable = channels.filter((one) => ready.includes(one))
  const [channel, setChannel] = useState<Channel>(usable[0] ?? 'whatsapp')
  const [phone, setPhone] = useState('')
  const [name, setName] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => field.current?.focus({ preventScroll: true }), [])

  async function start(event: Event): Promise<void> {
    event.preventDefault()
    setBusy(true)
    setProblem('')
    const answer = await client.find({ phone: phone.trim(), channel, ...(!isBlank(name) ? { name: name.trim() } : {}) })
    setBusy(false)
    if (answer.ok) go({ at: 'thread', conversationId: answer.conversation.id, target: {} })
    else setProblem(answer.error.code === 'forbidden' ? own.onlyFromRecord : problemText(words, answer.error, { channel: words[channel] }))
  }

  return (
    <div class="view">
      <SimpleHead title={words.newMessage} />
      <Strip />
      <WhoSearch
        onPick={(who, number) => {
          setName(/^\+\d/.test(who) ? '' : who)
          setPhone(number)
          field.current?.focus()
        }}
      />
      <form class="body ruled" noValidate onSubmit={start}>
        <div class="form newform">
          <NumberField
            field={field}
            data-focus="number"
            placeholder="+54 9 11 5555-5555"
            number={phone}
            problem={problem}
            onChange={setPhone}
          />
          <label>
            {words.name}
            <input
              class="field"
              maxLength={120}
              autocomplete="off"
              placeholder={own.optional}
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </label>
          <div class="pick">
            <span id="channel-word">{words.channel}</span>
            <ChannelChoice usable={usable} channel={channel} onChange={setChannel} />
          </div>
        </div>
        <div class="actbar">
          <button type="submit" class="btn primary" disabled={busy || !/\d/.test(phone)}>
            {own.begin}
          </button>
        </div>
      </form>
    </div>
  )
}

function ChannelChoice({ usable, channel, onChange }: { usable: Channel[]; channel: Channel; onChange(channel: Channel): void }) {
  const { words } = useShared()
  return (
    <div
      class="segs"
      role="radiogroup"
      aria-labelledby="channel-word"
      onKeyDown={(event) => {
        if (!/^Arrow/.test(event.key) || !isPlain(event)) return
        event.preventDefault()
        const other = usable.find((one) => one !== channel)
        if (!other) return
        onChange(other)
        const radios = [...event.currentTarget.querySelectorAll('button')]
        radios.find((radio) => radio.value === other)?.focus()
      }}
    >
      {usable.map((one) => (
        // biome-ignore lint/a11y/useSemanticElements: two segments in one field, as buttons look
        <button
          key={one}
          type="button"
          role="radio"
          value={one}
          aria-checked={one === channel}
          tabIndex={one === channel ? 0 : -1}
          onClick={() => onChange(one)}
        >
          {words[one]}
        </button>
      ))}
    </div>
  )
}
