// What a list of templates shows of one: its name, its text as it would be sent, or why it cannot go.
import type { Template } from '../../../shared/model.ts'
import { useShared } from '../shared-state.ts'
import { useFormWords } from './form-words.ts'
import { nameOf } from './name-of.ts'

interface WordsProps {
  template: Template
  values: Readonly<Record<string, string>>
  usable: boolean
}

/** Why it cannot be sent, as the words name it. */
function stateOf({ gone, status, inWindow }: Template) {
  if (gone) return 'gone'
  if (status === 'rejected' || status === 'paused' || status === 'disabled') return status
  return status === 'pending' || status === 'received' ? 'pending' : inWindow ? 'window' : 'unsubmitted'
}

/** What has to be filled in yet stands in braces. */
export function TemplateWords({ template, values, usable }: WordsProps) {
  const own = useFormWords()
  const { zone } = useShared()
  const body = template.body.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, name: string) => values[name] || `{${name}}`)
  const said = usable ? body : template.rejection || own.states[stateOf(template)][1]
  return (
    <>
      <b>
        <span class="cut">{nameOf(template, zone.locale)}</span>
        {!usable && <span class="tag">{own.states[stateOf(template)][0]}</span>}
      </b>
      <span class="t cut" title={said}>
        {said}
      </span>
    </>
  )
}
