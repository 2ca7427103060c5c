// Who wants no more messages: the list, one noted by hand, many taken out of a file, all of them as CSV.
import { useState } from 'preact/hooks'
import type { Contact, OptOut } from '../../../shared/model.ts'
import { fill } from '../../../widget/locales/format.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Pill } from '../../parts/pill.tsx'
import { Problem } from '../../parts/problem.tsx'
import { Table } from '../../parts/table.tsx'
import { useShell } from '../../shell.ts'
import { formatDay } from '../format.ts'
import { usePages } from '../use-pages.ts'
import { contactAddress } from './contact-address.ts'
import type { ContactProps } from './contact-props.ts'
import { ImportOptOuts } from './import-opt-outs.tsx'
import { NoteOptOut } from './note-opt-out.tsx'

interface Listed extends OptOut {
  contact: Pick<Contact, 'id' | 'name'> & { address: string; phone: string | null }
}

const keyOf = ({ channel, sender, contact }: Listed) => `${channel} ${sender} ${contact.id}`

export function OptOuts(props: ContactProps) {
  const { api, words } = props
  const shell = useShell()
  const { opt } = words
  const [turn, setTurn] = useState(0)
  const [doing, setDoing] = useState<'add' | 'import' | null>(null)
  const [back, setBack] = useState<Listed | null>(null)
  const [said, setSaid] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const list = usePages(
    String(turn),
    (cursor) => api.get<{ items: Listed[]; nextCursor: string | null }>('/api/opt-outs', { cursor, limit: 50 }),
    keyOf,
  )

  function done(text: string): void {
    setSaid(text)
    setDoing(null)
    setTurn((before) => before + 1)
  }
  async function accept({ channel, sender, contact }: Listed): Promise<void> {
    setProblem(null)
    setBack(null)
    try {
      const body = { channel, to: contact.phone ?? contact.address, from: sender, optedOut: false, source: 'agent' }
      await api.send('POST', '/api/opt-outs', body)
      done(opt.added)
    } catch (wrong) {
      setProblem(wrong)
    }
  }

  return (
    <section aria-label={words.tabs.optOuts}>
      <div class="page-actions">
        <p class="muted grow">{opt.lead}</p>
        <Button icon="plus" onClick={() => setDoing('add')}>
          {opt.add}
        </Button>
        <Button onClick={() => setDoing('import')}>{opt.import}</Button>
        <Button
          onClick={() => {
            setProblem(null)
            api.download('/api/opt-outs', {}, 'opt-outs.csv').catch(setProblem)
          }}
        >
          {opt.download}
        </Button>
      </div>
      {said !== '' && <Notice kind="good">{said}</Notice>}
      <Problem error={problem ?? list.error} onAgain={list.again} />
      {(list.error === null || list.items !== null) && (
        <Table
          label={words.tabs.optOuts}
          columns={[
            {
              name: opt.client,
              cell: ({ contact }) => (
                <a class="cell-main" href={contactAddress(contact.id)}>
                  {contact.name || words.noName}
                </a>
              ),
            },
            { name: words.addresses, cell: ({ contact }) => <span class="num">{contact.phone ?? contact.address}</span> },
            {
              name: opt.what,
              cell: ({ scope }) => (
                <Pill kind="waits" icon="ban">
                  {words.scopes[scope]}
                </Pill>
              ),
            },
            { name: opt.channel, isMinor: true, cell: ({ channel, sender }) => `${words.channels[channel]} ${sender}` },
            { name: opt.since, cell: ({ since }) => <time dateTime={since}>{formatDay(shell, since)}</time> },
            { name: opt.source, isMinor: true, cell: ({ source }) => words.sources[source] },
            {
              name: opt.back,
              cell: (one) => (
                <Button kind="quiet" isSmall label={`${opt.back}: ${one.contact.name}`} onClick={() => setBack(one)}>
                  {opt.back}
                </Button>
              ),
            },
          ]}
          rows={list.items}
          keyOf={keyOf}
          isLoading={list.isLoading}
          onMore={list.more}
          empty={
            <>
              <h2>{opt.none}</h2>
              <p>{opt.noneHint}</p>
            </>
          }
        />
      )}
      {doing === 'add' && <NoteOptOut {...props} onClose={() => setDoing(null)} onDone={done} />}
      {doing === 'import' && <ImportOptOuts {...props} onClose={() => setDoing(null)} onTaken={() => setTurn((before) => before + 1)} />}
      {back !== null && (
        <Dialog
          title={fill(opt.backAsk, { name: back.contact.name || words.noName })}
          onClose={() => setBack(null)}
          actions={
            <>
              <Button onClick={() => setBack(null)}>{words.cancel}</Button>
              <Button kind="primary" onClick={() => void accept(back)}>
                {opt.back}
              </Button>
            </>
          }
        >
          <p>{opt.backHint}</p>
        </Dialog>
      )}
    </section>
  )
}
