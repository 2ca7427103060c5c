// The files of a message that is on its way, by what this page has of them. They stay under the server's own until those are drawn, so that
// nothing jumps as the message is taken.
import { useRef } from 'preact/hooks'
import type { UnsentPart } from '../../client/client.ts'
import type { Media } from './kind.tsx'

export function useLocal(served: readonly Media[] | null, part: UnsentPart | null): readonly Media[] {
  const pictures = useRef<(ImageBitmap | null)[]>([])
  // After a reload it is none any more.
  if (part) pictures.current = part.files.map(({ picture }) => (picture instanceof ImageBitmap ? picture : null))
  const media = served ?? part?.files.map((file): Media => ({ url: '', state: 'ready', ...file })) ?? []
  return media.map((one, place) => ({ ...one, picture: pictures.current[place] ?? null }))
}
