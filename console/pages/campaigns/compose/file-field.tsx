// The file of recipients: chosen, then said what is in which column.
import { useState } from 'preact/hooks'
import { fill } from '../../../../widget/locales/format.ts'
import { Field } from '../../../parts/field.tsx'
import { Loading } from '../../../parts/loading.tsx'
import { Problem } from '../../../parts/problem.tsx'
import { count, useShell } from '../../../shell.ts'
import type { CampaignWords } from '../words.ts'
import { neededBy } from './draft.ts'
import type { FormProps } from './form-props.ts'
import { type ColumnUse, guessColumns, openTable, type TableFile } from './table-file.ts'

export function FileField({ draft, change, faults, templates, words }: FormProps) {
  const { locale } = useShell()
  const { compose } = words
  const [isReading, setIsReading] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const needed = neededBy(draft, templates)

  async function choose(chosen: File | undefined): Promise<void> {
    if (chosen === undefined) return
    setIsReading(true)
    setError(null)
    try {
      const file = await openTable(chosen)
      change({ file, columns: guessColumns(file.header, needed) })
    } catch (wrong) {
      change({ file: null, columns: [] })
      setError(wrong)
    } finally {
      setIsReading(false)
    }
  }

  return (
    <>
      <Field label={compose.file} hint={compose.fileHint} fault={faults.file && compose.faults[faults.file]}>
        {(control) => (
          <input
            {...control}
            class="field"
            type="file"
            accept=".csv,.tsv,.txt,text/csv"
            onChange={({ currentTarget }) => void choose(currentTarget.files?.[0])}
          />
        )}
      </Field>
      {isReading && <Loading />}
      <Problem error={error} />
      {draft.file !== null && !isReading && (
        <>
          <p class="muted num" role="status">
            {draft.file.name}: {count(locale, compose.rows, draft.file.count)}
          </p>
          <Columns file={draft.file} columns={draft.columns} needed={needed} words={words} onChange={(columns) => change({ columns })} />
        </>
      )}
    </>
  )
}

interface ColumnsProps {
  file: TableFile
  columns: readonly ColumnUse[]
  needed: readonly string[]
  words: CampaignWords
  onChange(columns: ColumnUse[]): void
}

const fields = ['to', 'name', 'coordinationId', 'text'] as const

function Columns({ file, columns, needed, words: { compose }, onChange }: ColumnsProps) {
  const uses: { value: ColumnUse; label: string }[] = [
    { value: 'skip', label: compose.uses.skip },
    ...fields.map((value) => ({ value, label: compose.uses[value] })),
    ...needed.map((name) => ({ value: `value:${name}` as const, label: fill(compose.uses.variable, { name: `{{${name}}}` }) })),
  ]
  /** Each use stands once: what had it before is not used. */
  const choose = (at: number, use: ColumnUse) =>
    onChange(columns.map((before, index) => (index === at ? use : use !== 'skip' && before === use ? 'skip' : before)))
  return (
    <div class="columns">
      <p class="hint">{compose.columnsHint}</p>
      <div class="table-place">
        <table aria-label={compose.columns}>
          <thead>
            <tr>
              <th scope="col">{compose.column}</th>
              <th scope="col">{compose.firstRow}</th>
              <th scope="col">{compose.columns}</th>
            </tr>
          </thead>
          <tbody>
            {file.header.map((heading, at) => (
              <tr key={`${at} ${heading}`}>
                <th scope="row">{heading}</th>
                <td class="muted first-row" dir="auto">
                  {file.first[0]?.cells[at]}
                </td>
                <td>
                  <select
                    class="field"
                    aria-label={`${compose.column}: ${heading}`}
                    value={columns[at] ?? 'skip'}
                    onChange={({ currentTarget }) => {
                      const use = uses.find(({ value }) => value === currentTarget.value)
                      if (use !== undefined) choose(at, use.value)
                    }}
                  >
                    {uses.map(({ value, label }) => (
                      <option key={value} value={value}>
                        {label}
                      </option>
                    ))}
                  </select>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}
