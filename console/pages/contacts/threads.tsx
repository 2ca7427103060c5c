// A contact's conversations, each with the record that it is about.
import type { OwnConversation } from '../../../shared/model.ts'
import { Button } from '../../parts/button.tsx'
import { Problem } from '../../parts/problem.tsx'
import { formatMoment, useShell } from '../../shell.ts'
import { addressOf } from '../log/filter.ts'
import { usePages } from '../use-pages.ts'
import type { ContactProps } from './contact-props.ts'

export function Threads({ api, words, id, turn }: ContactProps & { id: string; turn: number }) {
  const shell = useShell()
  const query = { contactId: id, automated: true, limit: 50 }
  const threads = usePages(`${id} ${turn}`, (cursor) =>
    api.get<{ items: OwnConversation[]; nextCursor: string | null }>('/api/conversations', { ...query, cursor }),
  )
  return (
    <section aria-labelledby="contact-records">
      <h2 id="contact-records">{words.records}</h2>
      <Problem error={threads.error} />
      {threads.items?.length === 0 && <p class="muted">{words.noRecords}</p>}
      <ul class="lines">
        {threads.items?.map(({ id: thread, channel, coordination, sender, lastMessage, activityAt }) => (
          <li key={thread}>
            <a href={addressOf({ conversationId: thread })}>{coordination?.title ?? words.unfiled}</a>
            <span class="muted">
              {coordination && `${words.recordStatuses[coordination.status]} · `}
              {words.channels[channel]} <span class="num">{sender}</span>
            </span>
            <span class="cut muted" dir="auto">
              {lastMessage?.text}
            </span>
            <time class="num muted" dateTime={activityAt ?? lastMessage?.createdAt}>
              {(activityAt ?? lastMessage?.createdAt) && formatMoment(shell, activityAt ?? lastMessage?.createdAt ?? '')}
            </time>
          </li>
        ))}
      </ul>
      {threads.more && (
        <p class="more">
          <Button isBusy={threads.isLoading} onClick={threads.more}>
            {words.more}
          </Button>
        </p>
      )}
    </section>
  )
}
