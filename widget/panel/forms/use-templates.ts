// The templates that fit what is looked for: those in the client's language first, then the agent's; in each first those that can go.
import { useEffect, useState } from 'preact/hooks'
import { foldText } from '../../../shared/fold-text.ts'
import { languageOf } from '../../../shared/languages.ts'
import type { OwnConversation, Template } from '../../../shared/model.ts'
import { useShared } from '../shared-state.ts'
import { useScene } from '../thread-scene.ts'
import { clientLanguage } from './client-language.ts'
import { nameOf } from './name-of.ts'

/** So many the client holds; where there are more, the server searches. */
const HELD = 100

interface Templates {
  all: Template[]
  found: Template[]
  isUsable(template: Template): boolean
}

/** `isClosed`: the window is, so that only what WhatsApp approved can go. Case and accents of `search` do not count. */
export function useTemplates(conversation: OwnConversation, search: string, isClosed = false): Templates {
  const { client, zone } = useShared()
  const { thread } = useScene()
  const theirs = clientLanguage(thread.messages.value, client.templates.value, conversation.contact.phone, zone.locale)
  const foreign = ({ language }: Template) => [theirs, zone.locale, languageOf(language)].indexOf(languageOf(language))
  const isUsable = (one: Template) => one.approved || conversation.channel === 'sms' || (one.inWindow && !isClosed)
  const further = useFurther(search.trim())
  const all = [...client.templates.value, ...further].toSorted(
    (a, b) => foreign(a) - foreign(b) || Number(isUsable(b)) - Number(isUsable(a)),
  )
  const wanted = foldText(search.trim())
  const found = all.filter((one) => foldText(`${nameOf(one, zone.locale)} ${one.body}`).includes(wanted))
  return { all, found, isUsable }
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
