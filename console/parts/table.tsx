// Rows of one kind. A row that opens something has a link or button in its first cell; the arrows go from row to row.
import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import { useShell } from '../shell.ts'
import { Button } from './button.tsx'
import { Loading } from './loading.tsx'

export interface Column<Row> {
  name: string
  cell(row: Row): ComponentChildren
  /** Figures stand at the right. */
  isNumber?: boolean
  /** Left out where there is little room. */
  isMinor?: boolean
}

interface TableProps<Row> {
  label: string
  columns: readonly Column<Row>[]
  /** Null: nothing has come yet. */
  rows: readonly Row[] | null
  keyOf(row: Row): string
  /** In the place of rows, where there are none. */
  empty?: ComponentChildren
  isLoading?: boolean
  /** Null: these are all. */
  onMore?: (() => void) | null
  /** A click anywhere on the row; what is in its first cell does the same for the keyboard. */
  onOpen?(row: Row): void
}

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }
const classOf = ({ isNumber, isMinor }: { isNumber?: boolean; isMinor?: boolean }) =>
  [isNumber ? 'num' : '', isMinor ? 'minor' : ''].filter(Boolean).join(' ') || undefined

export function Table<Row>({ label, columns, rows, keyOf, empty, isLoading, onMore, onOpen }: TableProps<Row>) {
  const { words } = useShell()
  const body = useRef<HTMLTableSectionElement>(null)
  function move(event: KeyboardEvent): void {
    const step = steps[event.key]
    const target = event.target as HTMLElement
    if (step === undefined || target.matches('input, select, textarea')) return
    const all = [...(body.current?.rows ?? [])]
    const next = all[all.findIndex((row) => row.contains(target)) + step]?.querySelector<HTMLElement>('a, button')
    if (!next) return
    event.preventDefault()
    next.focus()
  }
  if (rows === null) return <Loading />
  if (rows.length === 0 && !isLoading) return <div class="nothing">{empty ?? words.nothing}</div>
  return (
    <>
      <div class="table-place">
        <table aria-label={label}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.name} scope="col" class={classOf(column)}>
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={move}>
            {rows.map((row) => (
              <tr
                key={keyOf(row)}
                class={onOpen && 'opens'}
                onClick={(event) => {
                  const isOwn = (event.target as HTMLElement).closest('a, button, input, select, label') !== null
                  if (!isOwn && getSelection()?.isCollapsed !== false) onOpen?.(row)
                }}
              >
                {columns.map((column) => (
                  <td key={column.name} class={classOf(column)} data-label={column.name}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {onMore && (
        <p class="more">
          <Button isBusy={isLoading === true} onClick={onMore}>
            {words.more}
          </Button>
        </p>
      )}
    </>
  )
}
