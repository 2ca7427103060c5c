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

/** Longer than WhatsApp takes: what is too long is said in words of its own. */
const written = (max = 4096) => exactly(max)
const button = z.discriminatedUnion('type', [
  /** The client's answer; `payload` is told to the host, else the text is. */
  z.object({ type: z.literal('reply'), text: written(), payload: written().optional() }).strict(),
  z.object({ type: z.literal('url'), text: written(), url: written() }).strict(),
  z.object({ type: z.literal('phone'), text: written(), phone: written() }).strict(),
])
export const templateSubmission = z
  .object({
    language,
    body: written(),
    /** AUTHENTICATION: a one-time code. WhatsApp writes its words around the one variable that `body` is. */
    category: z.enum(['UTILITY', 'MARKETING', 'AUTHENTICATION']),
    code: z
      .object({
        /** WhatsApp tells the client, and we send none later. */
        expiresInMinutes: z.number().int().min(1).max(90).optional(),
        /** Asks the client not to share it; false: it does not. */
        warning: z.boolean().optional(),
        /** On the button that copies it. */
        button: written().optional(),
      })
      .strict()
      .optional(),
    /** What stands in for each variable while WhatsApp looks at it. */
    samples: z.record(exactly(64), z.string().max(4096)).optional(),
    defaults: z.record(exactly(64), defaultValue).optional(),
    header: written().optional(),
    footer: written().optional(),
    /** Address of a picture, a video or a PDF. */
    media: written().optional(),
    buttons: z.array(button).max(50).optional(),
  })
  .strict()
export type TemplateSubmission = z.output<typeof templateSubmission>
export type TemplateButton = z.output<typeof button>

export const templateQuery = z.object({
  q: z.string().max(200).optional(),
  /** Those in this language, whatever its country. */
  language: language.optional(),
  cursor: z.string().max(800).optional(),
  limit: limit.optional(),
})
export const languageQuery = z.object({ language: language.optional() })
