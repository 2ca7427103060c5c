// The columns of a file with their first rows, and what each of them is.
import type { Beginning } from './read-rows.ts'
import { type Chosen, importFields } from './import-draft.ts'
import type { ContactWords } from './words.ts'

interface ColumnsProps {
  words: Pick<ContactWords, 'import'>
  beginning: Beginning
  chosen: Chosen
  isBusy: boolean
  onChange(chosen: Chosen): void
}

export function Columns({ words, beginning, chosen, isBusy, onChange }: ColumnsProps) {
  const own = words.import
  return (
    <fieldset class="group">
      <legend>{own.columns}</legend>
      <p class="hint">{own.columnsHint}</p>
      <div class="columns">
        {beginning.header.map((head, at) => (
          // Two columns may have one name.
          <div class="column" key={at}>
            <label class="column-name">
              <span class="cut" title={head}>
                {head.trim() === '' ? `${own.column} ${at + 1}` : head}
              </span>
              <select
                class={chosen[at] === 'detail' || chosen[at] === 'none' ? 'field' : 'field set'}
                value={chosen[at]}
                disabled={isBusy}
                onChange={(event) => {
                  const field = event.currentTarget.value as Chosen[number]
                  onChange(chosen.map((one, index) => (index === at ? field : one)))
                }}
              >
                <option value="detail">{own.asAttribute}</option>
                <option value="none">{own.notTaken}</option>
                {importFields.map((field) => (
                  <option key={field} value={field}>
                    {own.fields[field]}
                  </option>
                ))}
              </select>
            </label>
            <ul class="column-rows">
              {beginning.rows.map((row, index) => (
                <li key={index} class="cut" title={row[at]}>
                  {row[at] ?? ''}
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </fieldset>
  )
}
