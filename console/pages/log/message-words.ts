// What a message is called in the log: who wrote it, and what stands for a text that is not there.
import type { Message } from '../../../shared/model.ts'
import { fill } from '../../../widget/locales/format.ts'
import type { LogWords } from './words.ts'

export const authorText = ({ author }: Pick<Message, 'author'>, words: LogWords): string => author.name || words.authors[author.type]

export function shownText({ text, media, sensitive }: Pick<Message, 'text' | 'media' | 'sensitive'>, words: LogWords): string {
  if (text !== '') return text
  if (sensitive) return words.hidden
  if (media.length === 0) return words.noText
  return media.length === 1 ? words.file : fill(words.files, { n: media.length })
}
