// The content of a message to a client: a text as it is, a template as it reads on that channel; and what it costs of the sender's rate.
import type { z } from 'zod'
import type { Channel } from '../../shared/model.ts'
import type { templateUse } from '../../shared/requests.ts'
import { countParts } from '../../shared/segments.ts'
import type { Organization } from '../organizations.ts'
import type { Draft } from '../store/records.ts'
import { useTemplate } from './templates.ts'

export type Said = { text: string; template?: undefined } | { text?: undefined; template: z.output<typeof templateUse> }

/** @throws DomainError as `useTemplate`. */
export function contentOf(
  own: Organization,
  channel: Channel,
  { text, template }: Said,
): Pick<Draft, 'type' | 'text' | 'template' | 'content' | 'cost' | 'marketing'> {
  const made =
    template === undefined
      ? ({ type: 'text', text, template: null, content: null } as const)
      : ({ type: 'template', ...useTemplate(own, channel, template) } as const)
  return { ...made, cost: countParts(channel, made.text) }
}
