// The requests about templates.
import { z } from 'zod'
import { exactly, language, limit, TEMPLATE_CHARS } from './requests.ts'
import { isBlank } from './is-blank.ts'

export const templateName = exactly(128)
/** A value stands on one line: WhatsApp takes no other. */
const defaultValue = z.string().max(TEMPLATE_CHARS)

export const templateBody = z
  .object({
    language,
    body: exactly(TEMPLATE_CHARS).refine((text) => !isBlank(text), 'is empty'),
    defaults: z.record(exactly(64), defaultValue).optional(),
    whatsapp: z
      .object({
        contentSid: z.string().regex(/^HX[0-9a-fA-F]{32}$/, 'is no content of Twilio (HX…)'),
        variables: z.array(exactly(64)).max(100),
      })
      .nullable()
      .optional(),
  })
  .strict()
export const templateQuery = z.object({
  q: z.string().max(200).optional(),
  /** Those in this language, whatever its country. */
  language: language.optional(),
  cursor: z.string().max(800).optional(),
  limit: limit.optional(),
})
export const languageQuery = z.object({ language: language.optional() })
