// Of what type a file is: its own first bytes say it. What the sender says counts only among types that look alike there.
import { mediaKind, plainType } from '../../shared/media-policy.ts'

const office = 'application/vnd.openxmlformats-officedocument.'

/** What a form may also be, where the sender says so: one form holds several types that only the rest of the file tells apart. */
const alike = new Map<string, readonly string[]>(
  Object.entries({
    'video/mp4': ['audio/mp4'],
    'video/3gpp': ['audio/3gpp'],
    'application/zip': ['wordprocessingml.document', 'spreadsheetml.sheet', 'presentationml.presentation'].map((one) => office + one),
    'application/x-cfb': ['application/msword', 'application/vnd.ms-excel', 'application/vnd.ms-powerpoint'],
    // No form at all, but letters.
    'text/plain': ['text/csv', 'text/calendar', 'text/vcard'],
  }),
)

/**
 * The type, by the name that the table of types has; null: one that is not kept.
 *
 * `sniffed`: what the first bytes say; `text/plain` for letters without a form, null for anything else. Letters are kept only where the
 * sender said that they are text: a page or a script that came as a picture is none.
 */
export function resolveType(sniffed: string | null, declared: string): string | null {
  if (sniffed === null) return null
  const form = plainType(sniffed)
  const said = plainType(declared)
  if (alike.get(form)?.includes(said)) return said
  if (form === 'text/plain' && said !== 'text/plain') return null
  return mediaKind(form) === null ? null : form
}
