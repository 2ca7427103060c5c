// The content of a message to a client: a text as it is, a template as it reads on that channel; and what it costs of the sender's rate.
import type { z } from 'zod'
import type { Channel } from '../../shared/model.ts'
import type { templateUse } from '../../shared/requests.ts'
import { countParts } from '../../shared/segments.ts'
import type { MediaPart } from '../../shared/split-media.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import type { KeptFile } from '../rules/media.ts'
import type { Draft, DraftPart } from '../store/records.ts'
import { type Code, type Recipient, useTemplate } from '../templates/use-template.ts'

export type Said = { text: string; template?: undefined } | { text?: undefined; template: z.output<typeof templateUse> }

export interface Content {
  words: Pick<Draft, 'type' | 'text' | 'template' | 'content' | 'cost' | 'marketing'>
  /** It may only go while the client's window is open. */
  needsWindow: boolean
  /** A one-time code is in it. */
  code: Code | null
}

/** A message of a send with files. */
export function partOf(channel: Channel, { text, files }: MediaPart<KeptFile>): DraftPart {
  return { type: files.length > 0 ? 'media' : 'text', text, media: files, cost: Math.max(1, countParts(channel, text)) }
}

/** @throws DomainError as `useTemplate`. */
export async function contentOf(
  parts: Pick<Parts, 'store'>,
  own: Organization,
  channel: Channel,
  { text, template }: Said,
  to: Recipient,
): Promise<Content> {
  if (template === undefined)
    return { words: { type: 'text', text, template: null, content: null, cost: countParts(channel, text) }, needsWindow: true, code: null }
  const { filled, ...rest } = await useTemplate(parts, own, channel, template, to)
  return { words: { type: 'template', ...filled, cost: countParts(channel, filled.text) }, ...rest }
}
