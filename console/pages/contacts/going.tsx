// An upload on its way.
import { fill } from '../../../widget/locales/format.ts'
import { Progress } from '../../parts/progress.tsx'
import type { ContactProps } from './contact-props.ts'

/** How much of the file is there; what follows then takes as long as it takes. */
export function Going({ words, part }: Pick<ContactProps, 'words'> & { part: number }) {
  const own = words.import
  const label = part < 1 ? fill(own.sending, { part: Math.floor(part * 100) }) : own.reading
  return (
    <div class="going">
      <p>{label}</p>
      <Progress label={label} parts={[{ kind: 'active', n: part }]} total={1} />
    </div>
  )
}
