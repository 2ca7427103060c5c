// Where tokens come from: the host's function or address. Asked before every connect, one call at a time.

/** A host that does not answer by then is asked again later. */
const ANSWER_MS = 15_000

export interface TokenOptions {
  token?: string
  getToken?: () => Promise<string> | string
  tokenUrl?: string
}

/** The host said no: nobody is signed in. Trying again by itself would not help. */
export class TokenRefused extends Error {
  override name = 'TokenRefused'
}

export interface Claims {
  sub: string
  name: string
  org: string
  role: string
  exp: number
  coordinations?: string[]
}

export interface TokenSource {
  /**
   * A token, asked for anew; calls while one is under way share its answer.
   *
   * @throws TokenRefused when the host's address answers 401 or 403; any other error may pass.
   */
  ask(): Promise<string>
  /** The last one; asks when there is none. */
  last(): Promise<string>
  /** Whether asking again can give another one. */
  renewable(): boolean
  /** What the last token says, unverified: for display and for the names of stored things. */
  claims(): Claims | null
  replace(options: TokenOptions): void
}

async function askUrl(url: string): Promise<string> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(ANSWER_MS),
    credentials: 'include',
    headers: { accept: 'application/json, text/plain' },
    cache: 'no-store',
  })
  if (response.status === 401 || response.status === 403)
    throw new TokenRefused(`The page's token address answered ${response.status}: the agent is not signed in.`)
  if (!response.ok) throw new Error(`The page's token address answered ${response.status}.`)
  const text = (await response.text()).trim()
  if (!text.startsWith('{')) return text
  const { token } = JSON.parse(text) as { token?: unknown }
  if (typeof token !== 'string') throw new Error('The answer of the token address has no "token".')
  return token
}

export function readClaims(token: string): Claims | null {
  try {
    const part = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
    const bytes = Uint8Array.from(atob(part), (char) => char.charCodeAt(0))
    return JSON.parse(new TextDecoder().decode(bytes)) as Claims
  } catch {
    return null // the server will say what is wrong with it
  }
}

function inTime(getToken: () => Promise<string> | string): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('getToken did not answer.')), ANSWER_MS)
    Promise.resolve()
      .then(getToken)
      .then(resolve, reject)
      .finally(() => clearTimeout(late))
  })
}

export function createTokenSource(initial: TokenOptions): TokenSource {
  let options = initial
  let last: string | null = null
  let asking: Promise<string> | null = null

  async function fetchToken(): Promise<string> {
    const { token, getToken, tokenUrl } = options
    const found = getToken ? await inTime(getToken) : tokenUrl ? await askUrl(tokenUrl) : token
    if (typeof found !== 'string' || found === '')
      throw new Error(`${getToken ? 'getToken' : tokenUrl ? 'tokenUrl' : 'token'} gave no token.`)
    last = found
    return found
  }

  function ask(): Promise<string> {
    asking ??= fetchToken().finally(() => {
      asking = null
    })
    return asking
  }

  return {
    ask,
    last: async () => last ?? (await ask()),
    renewable: () => options.getToken !== undefined || options.tokenUrl !== undefined,
    claims: () => (last === null ? null : readClaims(last)),
    replace(next) {
      options = next
      last = null
    },
  }
}
