// Templates have technical names; people read "Avisar vencimiento de cuota", not "avisar_vencimiento_de_cuota".
import { capitalise } from '../../shared/signs.ts'

export function templateTitle(name: string): string {
  return capitalise(name.replace(/[_-]+/g, ' ').trim())
}
