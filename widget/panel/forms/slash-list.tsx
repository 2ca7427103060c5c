// Templates over the field, for who begins a text with a slash: typing looks for them, arrows and Enter choose. The focus stays in the field.
import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { OwnConversation, Template } from '../../../shared/model.ts'
import { foldText } from '../../../shared/fold-text.ts'
import { plural } from '../../locales/format.ts'
import { isPlain } from '../own-events.ts'
import { useShared } from '../shared-state.ts'
import { useScene } from '../thread-scene.ts'
import { useFormWords } from './form-words.ts'
import { nameOf } from './name-of.ts'
import { TemplateWords } from './template-words.tsx'
import { templateValues } from './template-values.ts'
import { useKnown } from './use-known.ts'
import { useTemplates } from './use-templates.ts'

/** Further down one looks by typing. */
const MOST = 50

interface SlashProps {
  conversation: OwnConversation
  field: RefObject<HTMLTextAreaElement | null>
  /** As it stands in the field, with its slash. */
  text: string
  /** One was chosen: the text was only to find it. */
  onPick(): void
}

export function SlashList({ conversation, field, text, onPick }: SlashProps) {
  const { words, zone, say, announce } = useShared()
  const own = useFormWords()
  const { mode } = useScene()
  const known = useKnown(conversation)
  const search = text.slice(1).trim()
  const { all, found, isUsable } = useTemplates(conversation, search)
  const [chosen, setChosen] = useState({ search, at: 0 })
  const list = useRef<HTMLDivElement>(null)
  const wanted = foldText(search)
  const isNamed = (one: Template) => foldText(nameOf(one, zone.locale)).includes(wanted)
  const shown = found.toSorted((a, b) => Number(isNamed(b)) - Number(isNamed(a))).slice(0, MOST)
  const placeOf = (of: typeof chosen) => (of.search === search ? of.at : 0)
  const at = placeOf(chosen)
  /** From where it is by then: two keys may come before the list is drawn again. */
  const move = (by: number) => setChosen((before) => ({ search, at: (placeOf(before) + by + shown.length) % shown.length }))
  const optionId = (place: number) => `hilo-slash-${place}`

  function pick(template: Template | undefined): void {
    if (!template || !isUsable(template)) return
    onPick()
    mode.value = { at: 'form', template, variables: {} }
  }

  /** True: the key was for the list. Without a template to choose the arrows stay the field's; Enter never sends what only looks for one. */
  function press(key: string): boolean {
    if (key === 'Enter') pick(shown[at])
    else if (shown.length === 0) return false
    else if (key === 'ArrowDown') move(1)
    else if (key === 'ArrowUp') move(-1)
    else return false
    return true
  }
  const pressed = useRef(press)
  pressed.current = press

  // Before the field's own keys, of which Enter sends. From when the list is drawn until it is gone, and no key longer: other effects
  // come and go later, and would take an Enter that sends.
  useLayoutEffect(() => {
    const box = field.current
    if (!box) return
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.shiftKey || !isPlain(event) || !pressed.current(event.key)) return
      event.preventDefault()
      event.stopImmediatePropagation()
    }
    box.addEventListener('keydown', onKeyDown, { capture: true })
    box.setAttribute('aria-autocomplete', 'list')
    box.setAttribute('aria-haspopup', 'listbox')
    box.setAttribute('aria-controls', 'hilo-slash')
    return () => {
      box.removeEventListener('keydown', onKeyDown, { capture: true })
      for (const name of ['autocomplete', 'haspopup', 'controls', 'activedescendant']) box.removeAttribute(`aria-${name}`)
    }
  }, [])

  useLayoutEffect(() => {
    if (shown.length > 0) field.current?.setAttribute('aria-activedescendant', optionId(at))
    else field.current?.removeAttribute('aria-activedescendant')
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [at, shown.length])
  useEffect(() => {
    announce(shown.length > 0 ? plural(zone.locale, own.slashFound, shown.length) : say(words.none, { q: search }))
  }, [shown.length])

  return (
    <div class="slash">
      <div class="tplist" id="hilo-slash" role="listbox" aria-label={words.templates} ref={list}>
        {shown.map((template, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
          <div
            key={template.name + template.language}
            id={optionId(place)}
            class="tplopt"
            role="option"
            tabIndex={-1}
            aria-selected={place === at}
            aria-disabled={!isUsable(template)}
            // The field keeps the focus.
            onPointerDown={(event) => event.preventDefault()}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => pick(template)}
          >
            <TemplateWords template={template} values={templateValues(template, {}, known)} usable={isUsable(template)} />
          </div>
        ))}
      </div>
      {shown.length === 0 && <p class="why muted">{all.length === 0 ? own.noTemplates : say(words.none, { q: search })}</p>}
      <p class="hint">{own.slashHint}</p>
    </div>
  )
}
