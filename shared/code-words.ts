// The words that WhatsApp itself writes around a one-time code.
import { languageOf } from './languages.ts'
import type { TemplateSubmission } from './template-requests.ts'

interface CodeWords {
  code: string
  warning: string
  expiry: string
  button: string
}

/** As WhatsApp writes them. */
const words: Readonly<Record<string, CodeWords>> = {
  en: {
    code: '{code} is your verification code.',
    warning: 'For your security, do not share this code.',
    expiry: 'This code expires in {minutes} minutes.',
    button: 'Copy code',
  },
  es: {
    code: 'Tu código de verificación es {code}.',
    warning: 'Por tu seguridad, no lo compartas.',
    expiry: 'Este código caduca en {minutes} minutos.',
    button: 'Copiar código',
  },
  pt: {
    code: 'Seu código de verificação é {code}.',
    warning: 'Para sua segurança, não o compartilhe.',
    expiry: 'Este código expira em {minutes} minutos.',
    button: 'Copiar código',
  },
}
/** In a language that is not here agents see English. */
export const wordsOfCode = (language: string): CodeWords => words[languageOf(language)] ?? (words.en as CodeWords)

/** What the client reads; `body`: the variable. */
export function codeText({ language, body, code = {} }: Pick<TemplateSubmission, 'language' | 'body' | 'code'>): string {
  const { code: sentence, warning, expiry } = wordsOfCode(language)
  const { expiresInMinutes, warning: warns = true } = code
  return [
    [sentence.replace('{code}', body.trim()), ...(warns ? [warning] : [])].join(' '),
    ...(expiresInMinutes === undefined ? [] : [expiry.replace('{minutes}', String(expiresInMinutes))]),
  ].join('\n')
}
