// Beside the list, while no thread is open.
import { Empty } from '../empty.tsx'
import { Icon } from '../icon.tsx'
import { useOwnWords } from '../own-words.ts'
import { useShared } from '../shared-state.ts'

const all = {
  es: { choose: 'Elegí una conversación' },
  en: { choose: 'Choose a conversation' },
  pt: { choose: 'Escolha uma conversa' },
}

export function Beside() {
  const { words, close } = useShared()
  const own = useOwnWords(all)
  return (
    <div class="view">
      <div class="head">
        <span class="grow" />
        <button type="button" class="ib close" aria-label={words.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <div class="body">
        <Empty icon="inbox" title={own.choose} />
      </div>
    </div>
  )
}
