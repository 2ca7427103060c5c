// The message log: what came in and went out, filtered, each in full, as CSV, and what failed once more. The filter is the address.
import { useState } from 'preact/hooks'
import type { Message } from '../../../shared/model.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Problem } from '../../parts/problem.tsx'
import type { PageProps } from '../../page-props.ts'
import { formatMoment, useShell } from '../../shell.ts'
import { goTo, replaceWith } from '../go.ts'
import '../pages.css'
import { usePages } from '../use-pages.ts'
import { addressOf, countFilters, type LogFilter, queryOf, readAddress } from './filter.ts'
import { Filters } from './filters.tsx'
import './log.css'
import { MessageSheet } from './message-sheet.tsx'
import { MessageTable } from './message-table.tsx'
import { RetryAll } from './retry-all.tsx'
import { useOneMessage } from './use-one-message.ts'
import { logWords } from './words.ts'

const PAGE = 50

export function Page({ api, rest, locale }: PageProps) {
  const shell = useShell()
  const words = logWords[locale]
  const { filter, open } = readAddress(rest)
  const [problem, setProblem] = useState<unknown>(null)
  const [isLoading, setIsLoading] = useState(false)
  const [isRetrying, setIsRetrying] = useState(false)
  const query = queryOf(filter, shell.timezone)
  const list = usePages(JSON.stringify(query), (cursor) =>
    api.get<{ items: Message[]; nextCursor: string | null }>('/api/messages', { ...query, cursor, limit: PAGE }),
  )
  const one = useOneMessage(api, open, list.items)
  const props = { api, words, locale }

  function change(part: Partial<LogFilter>, isTyped = false): void {
    const address = addressOf({ ...filter, ...part })
    if (isTyped) replaceWith(address)
    else goTo(address)
  }
  async function download(): Promise<void> {
    setProblem(null)
    setIsLoading(true)
    try {
      await api.download('/api/messages', query, 'messages.csv')
    } catch (wrong) {
      setProblem(wrong)
    } finally {
      setIsLoading(false)
    }
  }
  function keep(message: Message): void {
    list.put(message)
    one.put(message)
  }

  const mayHaveFailed = filter.status.length === 0 || filter.status.includes('failed')
  return (
    <>
      <header class="page-head">
        <h1>{words.title}</h1>
        <div class="page-actions">
          {mayHaveFailed && (
            <Button icon="retry" onClick={() => setIsRetrying(true)}>
              {words.retryAll}
            </Button>
          )}
          <Button icon="newest" isBusy={isLoading} onClick={() => void download()}>
            {isLoading ? words.downloading : words.download}
          </Button>
        </div>
      </header>
      <Filters filter={filter} words={words} onChange={change} />
      <Problem error={problem} />
      <Problem error={list.error} onAgain={list.again} />
      {(list.error === null || list.items !== null) && (
        <MessageTable {...props} list={list} isFiltered={countFilters(filter) > 0} hrefOf={({ id }) => addressOf(filter, id)} />
      )}
      {open !== null && (
        <Dialog
          isSheet
          title={one.message === null ? words.messageId : formatMoment(shell, one.message.createdAt)}
          onClose={() => goTo(addressOf(filter))}
        >
          <Problem error={one.error} />
          {one.message === null && one.error === null && <Loading />}
          {one.message !== null && <MessageSheet key={one.message.id} {...props} message={one.message} onChanged={keep} />}
        </Dialog>
      )}
      {isRetrying && <RetryAll {...props} filter={filter} onClose={() => setIsRetrying(false)} onDone={list.again} />}
    </>
  )
}
