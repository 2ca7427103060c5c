// A search that found neither a conversation nor a message: where it looked, and the way back.
import { Empty } from '../empty.tsx'
import { queryOf } from '../filters.ts'
import { useShared } from '../shared-state.ts'

const hints = {
  es: 'Probá con el apellido o con los últimos 4 números del teléfono. También busca en las cerradas.',
  en: 'Try the surname or the last 4 digits of the phone. Closed ones are searched too.',
  pt: 'Tente o sobrenome ou os últimos 4 números do telefone. Também busca nas fechadas.',
}

export function NothingFound() {
  const { client, words, inbox, appearance, say } = useShared()
  return (
    <Empty icon="search" title={say(words.none, { q: inbox.search.value.trim() })}>
      <p>{hints[appearance.value.locale]}</p>
      <button
        type="button"
        class="btn"
        onClick={() => {
          inbox.search.value = ''
          client.inbox.setFilter(queryOf(inbox.filter, ''))
        }}
      >
        {words.clearSearch}
      </button>
    </Empty>
  )
}
