// Everything said with a contact, over records and channels, the newest first.
import type { Message } from '../../../shared/model.ts'
import { Button } from '../../parts/button.tsx'
import { Problem } from '../../parts/problem.tsx'
import { formatMoment, useShell } from '../../shell.ts'
import { addressOf } from '../log/filter.ts'
import { usePages } from '../use-pages.ts'
import { contactPath } from './contact-address.ts'
import type { ContactProps } from './contact-props.ts'

export function Said({ api, words, id, turn }: ContactProps & { id: string; turn: number }) {
  const shell = useShell()
  const said = usePages(`${id} ${turn}`, (cursor) =>
    api.get<{ items: Message[]; nextCursor: string | null }>(`${contactPath(id)}/messages`, { cursor, limit: 50 }),
  )
  return (
    <section aria-labelledby="contact-said">
      <h2 id="contact-said">{words.said}</h2>
      <Problem error={said.error} />
      {said.items?.length === 0 && <p class="muted">{words.nothingSaid}</p>}
      <ol class="said-list">
        {said.items?.map((message) => (
          <li key={message.id} class={message.direction}>
            <a class="muted num" href={addressOf({ contactId: id }, message.id)}>
              <time dateTime={message.createdAt}>{formatMoment(shell, message.createdAt)}</time>
            </a>
            <b class="cut">{message.author.name}</b>
            <p dir="auto">{message.text === '' ? '—' : message.text}</p>
          </li>
        ))}
      </ol>
      {said.more && (
        <p class="more">
          <Button isBusy={said.isLoading} onClick={said.more}>
            {words.more}
          </Button>
        </p>
      )}
    </section>
  )
}
