// A template as the client sees it on the phone: the samples in place of its variables; where one is missing, its variable stands out.
import { codeText, wordsOfCode } from '../../../shared/code-words.ts'
import { renderTemplate } from '../../../shared/templates.ts'
import { MessagePreview } from '../../parts/message-preview.tsx'
import { type Draft, submissionOf } from './draft.ts'
import type { TemplateWords } from './words.ts'

const kinds: [RegExp, 'document' | 'video'][] = [
  [/\.pdf$/i, 'document'],
  [/\.(mp4|3gp)$/i, 'video'],
]
const kindOf = (address: string) => kinds.find(([ends]) => ends.test(address.split('?')[0] ?? ''))?.[1] ?? 'picture'

export function Preview({ draft, words }: { draft: Draft; words: TemplateWords }) {
  const { form } = words
  return (
    <section class="template-preview" aria-labelledby="preview-title">
      <h2 id="preview-title">{form.preview}</h2>
      {draft.category === 'AUTHENTICATION' ? <Code draft={draft} /> : <Message draft={draft} words={words} />}
      <p class="hint">{form.previewHint}</p>
    </section>
  )
}

function filler(draft: Draft): (text: string) => string {
  const given = Object.fromEntries(Object.entries(submissionOf(draft).samples ?? {}).filter(([, value]) => value.trim() !== ''))
  return (text) => renderTemplate(text, given)
}

/** WhatsApp writes its words itself. */
function Code({ draft }: { draft: Draft }) {
  const button = draft.copyButton.trim() || wordsOfCode(draft.language).button
  return <MessagePreview channel="whatsapp" text={filler(draft)(codeText(submissionOf(draft)))} buttons={[button]} />
}

function Message({ draft, words }: { draft: Draft; words: TemplateWords }) {
  const { form } = words
  const fill = filler(draft)
  const top =
    draft.top === 'media' ? (
      <p class="preview-file">{form[kindOf(fill(draft.media))]}</p>
    ) : (
      draft.top === 'text' && draft.header.trim() !== '' && <p class="preview-header">{fill(draft.header)}</p>
    )
  return (
    <MessagePreview
      channel="whatsapp"
      top={top}
      text={fill(draft.body) || '…'}
      footer={draft.footer}
      buttons={draft.buttons.map(({ text, type }) => text.trim() || form.buttonTypes[type])}
    />
  )
}
