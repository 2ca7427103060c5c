// Why the server does not take this page, in words that the agent can hand on.
import type { Locale } from '../../client/panel.ts'
import { fill } from '../../locales/format.ts'
import { useOwnWords } from '../own-words.ts'
import { useShared } from '../shared-state.ts'

/** `reasons`: by the problem's code. */
const all: Record<Locale, { refused: string; reasons: Readonly<Record<string, string>> }> = {
  es: {
    refused: 'El servidor no aceptó la conexión: {detail}',
    reasons: {
      token_invalid: 'la sesión que da la aplicación no es válida.',
      forbidden: 'la sesión es de otra organización.',
      origin_not_allowed: 'esta página no está entre las permitidas.',
      payload_too_large: 'la sesión que da la aplicación es demasiado grande.',
    },
  },
  en: {
    refused: 'The server refused the connection: {detail}',
    reasons: {
      token_invalid: 'the session that your app provides is not valid.',
      forbidden: 'the session is of another organization.',
      origin_not_allowed: 'this page is not among those allowed.',
      payload_too_large: 'the session that your app provides is too large.',
    },
  },
  pt: {
    refused: 'O servidor não aceitou a conexão: {detail}',
    reasons: {
      token_invalid: 'a sessão que o aplicativo entrega não é válida.',
      forbidden: 'a sessão é de outra organização.',
      origin_not_allowed: 'esta página não está entre as permitidas.',
      payload_too_large: 'a sessão que o aplicativo entrega é grande demais.',
    },
  },
}

export function Refused({ detail }: { detail: string }) {
  const { refused, reasons } = useOwnWords(all)
  const problem = useShared().client.problem.value
  return <>{fill(refused, { detail: reasons[problem?.code ?? ''] ?? detail })}</>
}
