// A conversation's tags: taken away one by one, added by their word; those of other conversations are offered.
import { useState } from 'preact/hooks'
import { isBlank } from '../../../shared/is-blank.ts'
import type { OwnConversation } from '../../../shared/model.ts'
import { Icon } from '../icon.tsx'
import type { PopupProps } from '../popup.tsx'
import { problemText } from '../problem-text.ts'
import { useShared } from '../shared-state.ts'
import { useMenuWords } from './menu-words.ts'
import { PopupBox } from './popup-box.tsx'

const TAG_CHARS = 60
const OFFERED = 6

export function TagsBox({ conversation, ...popup }: PopupProps & { conversation: OwnConversation }) {
  const { client, words, say } = useShared()
  const own = useMenuWords()
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState('')
  const { tags } = conversation

  async function change(next: string[]): Promise<void> {
    const answer = await client.update(conversation.id, { tags: next })
    setProblem(answer.ok ? '' : problemText(words, answer.error))
    if (answer.ok) setTyped('')
  }
  function add(tag: string): void {
    const wanted = tag.trim()
    if (!isBlank(wanted) && !tags.includes(wanted)) void change([...tags, wanted])
  }

  const others = new Set(client.inbox.items.value.flatMap((one) => one.tags))
  const begin = typed.trim().toLocaleLowerCase()
  const offered = [...others].filter((tag) => !tags.includes(tag) && tag.toLocaleLowerCase().includes(begin)).slice(0, OFFERED)
  return (
    <PopupBox {...popup} role="dialog" class="wide" label={own.tags}>
      <form
        class="own"
        onSubmit={(event) => {
          event.preventDefault()
          add(typed)
        }}
      >
        <input
          class="field"
          maxLength={TAG_CHARS}
          aria-label={own.newTag}
          placeholder={own.newTag}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <button type="submit" class="btn small" disabled={isBlank(typed)}>
          {own.add}
        </button>
      </form>
      {tags.length > 0 && (
        <ul class="chips">
          {tags.map((tag) => (
            <li key={tag} class="chip">
              <span class="cut">{tag}</span>
              <button
                type="button"
                class="ib"
                aria-label={say(own.removeTag, { name: tag })}
                onClick={(event) => {
                  event.currentTarget.closest('.menu')?.querySelector('input')?.focus()
                  void change(tags.filter((one) => one !== tag))
                }}
              >
                <Icon name="close" class="s14" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {offered.map((tag) => (
        <button key={tag} type="button" class="option" onClick={() => add(tag)}>
          <Icon name="plus" />
          <span class="cut">{tag}</span>
        </button>
      ))}
      {problem && (
        <p class="hint danger" role="alert">
          {problem}
        </p>
      )}
    </PopupBox>
  )
}
