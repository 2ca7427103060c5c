// The templates one may send now. Those that WhatsApp did not approve yet are shown with the reason.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { languageOf } from '../../../shared/languages.ts'
import type { OwnConversation, Template } from '../../../shared/model.ts'
import { OtherWays } from './blocked.tsx'
import { Icon } from '../icon.tsx'
import { mayFocus } from '../may-focus.ts'
import { useShared } from '../shared-state.ts'
import { useFormWords } from './form-words.ts'
import { splitSentence } from '../status-mark.tsx'
import { clientLanguage } from './client-language.ts'
import { nameOf } from './name-of.ts'
import { useKnown } from './use-known.ts'
import { templateValues } from './template-values.ts'
import { type Later, useScene } from '../thread-scene.ts'

/** Above this many there is a search. */
const MANY = 5
/** So many the client holds; where there are more, the server searches. */
const HELD = 100
/** So many are shown under an empty thread; the rest on demand. */
const FEW = 2

interface PickerProps extends Later {
  conversation: OwnConversation
  /** Nobody wrote yet: the templates are how it starts. */
  isFirst?: boolean
  /** Free text is not possible: there is nothing to go back to. */
  isClosed?: boolean
}

export function TemplatePicker({ conversation, isFirst, isClosed, sendAt, plan }: PickerProps) {
  const { client, words, zone, say } = useShared()
  const own = useFormWords()
  const [title, rest] = splitSentence(words.windowClosed)
  const { mode, thread } = useScene()
  const [search, setSearch] = useState('')
  const [all, showAll] = useState(!isFirst)
  const box = useRef<HTMLDivElement>(null)
  const known = useKnown(conversation)
  const theirs = clientLanguage(thread.messages.value, client.templates.value, conversation.contact.phone, zone.locale)
  // Those in the client's language first, then those in the agent's; in each first those that can go.
  const foreign = ({ language }: Template) => [theirs, zone.locale, languageOf(language)].indexOf(languageOf(language))
  const isUsable = (one: Template) => one.approved || conversation.channel === 'sms' || (one.inWindow && !isClosed)
  const further = useFurther(search.trim())
  const templates = [...client.templates.value, ...further].toSorted(
    (a, b) => foreign(a) - foreign(b) || Number(isUsable(b)) - Number(isUsable(a)),
  )
  const wanted = search.trim().toLocaleLowerCase()
  const found = templates.filter((one) => `${nameOf(one, zone.locale)} ${one.body}`.toLocaleLowerCase().includes(wanted))
  const shown = all ? found : found.slice(0, FEW)
  useLayoutEffect(() => {
    if (box.current && mayFocus(box.current))
      box.current.querySelector<HTMLElement>('.tplopt:not(:disabled), input')?.focus({ preventScroll: true })
  }, [])

  return (
    <div class="picker" ref={box} data-focus-first>
      {!isClosed && (
        <div class="formhead">
          <button type="button" class="ib" aria-label={words.back} onClick={() => (mode.value = { at: 'text' })}>
            <Icon name="back" />
          </button>
          {words.templates}
        </div>
      )}
      {isClosed && !isFirst && (
        <div class="why">
          <Icon name="lock" />
          <p>
            <strong>{title}</strong>
            {`${rest} ${own.windowClosedHint}`}
          </p>
        </div>
      )}
      {all && templates.length > MANY && (
        <label class="searchbox">
          <Icon name="search" class="s16" />
          <input
            type="search"
            aria-label={own.searchTemplate}
            placeholder={own.searchTemplate}
            value={search}
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
        </label>
      )}
      <div class="tplist">
        {shown.map((template) => (
          <TemplateOption
            key={template.name + template.language}
            template={template}
            values={templateValues(template, {}, known)}
            onPick={() => (mode.value = { at: 'form', template, variables: {}, ...(sendAt ? { sendAt } : {}), ...(plan ? { plan } : {}) })}
            usable={isUsable(template)}
          />
        ))}
        {templates.length === 0 && <p class="why muted">{own.noTemplates}</p>}
        {templates.length > 0 && found.length === 0 && <p class="why muted">{say(words.none, { q: search.trim() })}</p>}
      </div>
      {(isClosed || !all) && (
        <div class="actbar spread">
          {!all && found.length > FEW && (
            <button type="button" class="btn quiet small" onClick={() => showAll(true)}>
              {say(own.seeAllTemplates, { n: found.length })}
            </button>
          )}
          {isClosed && <OtherWays conversation={conversation} onlyNote={isFirst} />}
        </div>
      )}
    </div>
  )
}

/** Of more than the client holds, those that the server finds by these words. */
function useFurther(words: string): Template[] {
  const { client } = useShared()
  const known = client.templates.value
  const isAll = known.length < HELD || words === ''
  const [found, setFound] = useState<Template[]>([])
  useEffect(() => {
    let current = true
    if (!isAll)
      void client.http<{ items: Template[] }>('GET', `/api/templates?limit=50&q=${encodeURIComponent(words)}`).then((answer) => {
        if (current && answer.ok) setFound(answer.items)
      })
    return () => {
      current = false
    }
  }, [client, words, isAll])
  const isKnown = (one: Template) => known.some(({ name, language }) => name === one.name && language === one.language)
  return isAll ? [] : found.filter((one) => !isKnown(one))
}

/** Why it cannot be sent, as the words name it. */
function stateOf({ gone, status, inWindow }: Template) {
  if (gone) return 'gone'
  if (status === 'rejected' || status === 'paused' || status === 'disabled') return status
  return status === 'pending' || status === 'received' ? 'pending' : inWindow ? 'window' : 'unsubmitted'
}

interface OptionProps {
  template: Template
  values: Readonly<Record<string, string>>
  usable: boolean
  onPick(): void
}

/** As it would be sent; what has to be filled in yet stands in braces. */
function TemplateOption({ template, values, usable, onPick }: OptionProps) {
  const own = useFormWords()
  const { zone } = useShared()
  const body = template.body.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, name: string) => values[name] || `{${name}}`)
  const said = usable ? body : template.rejection || own.states[stateOf(template)][1]
  return (
    <button type="button" class="tplopt" disabled={!usable} onClick={onPick}>
      <b>
        <span class="cut">{nameOf(template, zone.locale)}</span>
        {!usable && <span class="tag">{own.states[stateOf(template)][0]}</span>}
      </b>
      <span class="t cut" title={said}>
        {said}
      </span>
    </button>
  )
}
