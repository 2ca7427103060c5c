// The templates one may send now. Those that WhatsApp did not approve yet are shown with the reason.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { OwnConversation } from '../../../shared/model.ts'
import { OtherWays } from './blocked.tsx'
import { Icon } from '../icon.tsx'
import { mayFocus } from '../may-focus.ts'
import { useShared } from '../shared-state.ts'
import { useFormWords } from './form-words.ts'
import { splitSentence } from '../status-mark.tsx'
import { TemplateWords } from './template-words.tsx'
import { templateValues } from './template-values.ts'
import { useKnown } from './use-known.ts'
import { useTemplates } from './use-templates.ts'
import { type Later, useScene } from '../thread-scene.ts'

/** Above this many there is a search. */
const MANY = 5
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
  const { words, say } = useShared()
  const own = useFormWords()
  const [title, rest] = splitSentence(words.windowClosed)
  const { mode } = useScene()
  const [search, setSearch] = useState('')
  const [all, showAll] = useState(!isFirst)
  const box = useRef<HTMLDivElement>(null)
  const known = useKnown(conversation)
  const { all: templates, found, isUsable } = useTemplates(conversation, search, isClosed)
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
          <button
            key={template.name + template.language}
            type="button"
            class="tplopt"
            disabled={!isUsable(template)}
            onClick={() => (mode.value = { at: 'form', template, variables: {}, ...(sendAt ? { sendAt } : {}), ...(plan ? { plan } : {}) })}
          >
            <TemplateWords template={template} values={templateValues(template, {}, known)} usable={isUsable(template)} />
          </button>
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
