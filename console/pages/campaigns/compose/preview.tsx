// The message of each of some recipients, as it will be read, while one writes.
import { useEffect, useState } from 'preact/hooks'
import type { Template } from '../../../../shared/model.ts'
import { fill } from '../../../../widget/locales/format.ts'
import { formatPhone } from '../../../../widget/locales/format-phone.ts'
import { Icon } from '../../../../widget/panel/icon.tsx'
import type { Api } from '../../../api.ts'
import { MessagePreview } from '../../../parts/message-preview.tsx'
import { tags, useShell } from '../../../shell.ts'
import type { CampaignWords } from '../words.ts'
import { type Draft, keyOf } from './draft.ts'
import { findSample, sampleKey, type SampleOne, sampleText, type SampleWhen } from './sample.ts'

/** After the last key: one who types a tag does not ask for each letter. */
const LATER_MS = 300

interface PreviewProps {
  api: Api
  draft: Draft
  templates: readonly Template[]
  words: CampaignWords
}

export function Preview({ api, draft, templates, words }: PreviewProps) {
  const { locale, timezone } = useShell()
  const { compose } = words
  const [sample, setSample] = useState<SampleOne[]>([])
  const [at, setAt] = useState(0)
  const key = sampleKey(draft)
  useEffect(() => {
    let isGone = false
    const timer = setTimeout(async () => {
      // Without anybody the text stands as it is written.
      const found = await findSample(api, draft).catch(() => [])
      if (isGone) return
      setSample(found)
      setAt((before) => Math.max(0, Math.min(before, found.length - 1)))
    }, LATER_MS)
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [api, key])

  const one = sample[at] ?? { to: '', name: '', variables: {} }
  const format = (iso: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(tags[locale], { ...options, timeZone: one.record?.timezone ?? timezone }).format(Date.parse(iso))
  const when: SampleWhen = {
    day: (iso) => format(iso, { weekday: 'long', day: 'numeric', month: 'long' }),
    time: (iso) => format(iso, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  }
  const chosen = [draft.template, ...(draft.compares ? [draft.templateB] : [])].map((name) => templates.find((it) => keyOf(it) === name))
  const bodies = draft.kind === 'text' ? [{ body: one.text ?? draft.text }] : chosen
  return (
    <section class="card stack previews" aria-labelledby="preview">
      <div class="figures-head">
        <h2 id="preview">{compose.preview}</h2>
        {sample.length > 1 && (
          <span class="step-through">
            <button type="button" class="ib mini" aria-label={compose.before} disabled={at === 0} onClick={() => setAt(at - 1)}>
              <Icon name="back" />
            </button>
            <button
              type="button"
              class="ib mini"
              aria-label={compose.after}
              disabled={at >= sample.length - 1}
              onClick={() => setAt(at + 1)}
            >
              <Icon name="right" />
            </button>
          </span>
        )}
      </div>
      <p class="muted num" role="status">
        {sample.length === 0 ? compose.nobodyYet : fill(compose.previewOf, { name: nameOf(one), at: at + 1, n: sample.length })}
      </p>
      {bodies.map((template, arm) => (
        <MessagePreview
          key={arm === 0 ? 'a' : 'b'}
          channel={draft.channel}
          text={
            template === undefined || template.body === ''
              ? '…'
              : sampleText(template.body, draft, one, when, 'defaults' in template ? template : undefined)
          }
          head={bodies.length > 1 ? <h3>{fill(words.arm, { letter: arm === 0 ? 'A' : 'B' })}</h3> : undefined}
        />
      ))}
    </section>
  )
}

const nameOf = ({ name, to }: SampleOne): string => [name, to === '' ? '' : formatPhone(to)].filter((one) => one !== '').join(' · ')
