// The messages of the log as rows: when, whose, what, its state, its price.
import type { Message } from '../../../shared/model.ts'
import { explainFailure, type FailureTexts } from '../../../shared/failure-texts.ts'
import { fill } from '../../../widget/locales/format.ts'
import { Pill, type PillKind } from '../../parts/pill.tsx'
import { Table } from '../../parts/table.tsx'
import { formatMoment, useShell } from '../../shell.ts'
import { formatPrice } from '../format.ts'
import { goTo } from '../go.ts'
import type { Pages } from '../use-pages.ts'
import type { LogProps } from './log-props.ts'
import { authorText, shownText } from './message-words.ts'
import { useFailureTexts } from './use-failure-texts.ts'

const kinds: Record<Message['status'], PillKind> = {
  received: 'plain',
  scheduled: 'waits',
  queued: 'waits',
  sending: 'active',
  unconfirmed: 'waits',
  sent: 'active',
  delivered: 'good',
  read: 'good',
  failed: 'bad',
  canceled: 'plain',
}

interface MessageTableProps extends LogProps {
  list: Pages<Message>
  isFiltered: boolean
  hrefOf(message: Message): string
}

export function MessageTable({ words, locale, list, isFiltered, hrefOf }: MessageTableProps) {
  const shell = useShell()
  const texts = useFailureTexts(locale)
  return (
    <Table
      label={words.title}
      columns={[
        {
          name: words.when,
          cell: (message) => {
            const when = formatMoment(shell, message.createdAt)
            return (
              <a class="when num" href={hrefOf(message)} aria-label={fill(words.open, { when })}>
                <time dateTime={message.createdAt}>{when}</time>
              </a>
            )
          },
        },
        {
          name: words.who,
          cell: (message) => (
            <>
              <span class="who cut" dir="auto">
                {authorText(message, words)}
              </span>
              <span class="muted">
                {words.directions[message.direction]} · {words.channels[message.channel]}
              </span>
            </>
          ),
        },
        {
          name: words.text,
          cell: (message) => (
            <>
              <span class={message.text === '' ? 'text muted' : 'text'} dir="auto">
                {shownText(message, words)}
              </span>
              <Why message={message} texts={texts} />
            </>
          ),
        },
        { name: words.state, cell: ({ status }) => <Pill kind={kinds[status]}>{words.statuses[status]}</Pill> },
        {
          name: words.price,
          isNumber: true,
          isMinor: true,
          cell: ({ price }) =>
            price && (
              <span title={price.estimated ? words.estimated : undefined}>
                {price.estimated && '≈ '}
                {formatPrice(locale, price)}
              </span>
            ),
        },
      ]}
      rows={list.items}
      keyOf={({ id }) => id}
      isLoading={list.isLoading}
      onMore={list.more}
      onOpen={(message) => goTo(hrefOf(message))}
      empty={
        <>
          <h2>{isFiltered ? words.none : words.noneYet}</h2>
          <p>{isFiltered ? words.noneHint : words.noneYetHint}</p>
        </>
      }
    />
  )
}

function Why({ message, texts }: { message: Message; texts: FailureTexts | null }) {
  if (message.error === null || texts === null) return null
  return <span class="why">{explainFailure(texts, message.error)}</span>
}
