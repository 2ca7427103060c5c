// Where tokens come from: the host's function or address. Asked before every connect, one call at a time.

/** A host that does not answer by then is asked again later. */
const ANSWER_MS = 15_000

export interface TokenOptions {
  token?: string
  getToken?: () => Promise<string> | string
  tokenUrl?: string
}

/** The host gives no token: nobody is signed in. Trying again by itself would not help. */
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
   * @throws TokenRefused when the host gives a text that is no token, or its address says that nobody is signed in; any
   *   other error may pass.
   */
  ask(): Promise<string>
  /** The last one; asks when there is none. */
  last(): Promise<string>
  /** Whether asking again can give another one. */
  renewable(): boolean
  /** The claims of the last token, unverified: for display and for the names of stored things. */
  claims(): Claims | null
  replace(options: TokenOptions): void
}

/** Three parts, of which nothing else is said here; a page, a word or a number is none. */
const JWT = /^[\w=-]+\.[\w=-]+\.[\w=-]+$/

/** The token in what a host answered: bare, as a JSON string, or as `{ "token": … }`. Null: it holds none. */
function findToken(text: string): string | null {
  let found: unknown = text.trim()
  try {
    const json = JSON.parse(text) as unknown
    found = typeof json === 'object' && json !== null ? (json as { token?: unknown }).token : json
  } catch {
    // Bare.
  }
  return typeof found === 'string' && JWT.test(found) ? found : null
}

/** @throws TokenRefused where it answers 401 or 403, or, as after the end of a session, with a login page or the way there. */
async function askUrl(url: string): Promise<string> {
  const ask = (redirect: RequestRedirect) =>
    fetch(url, {
      redirect,
      signal: AbortSignal.timeout(ANSWER_MS),
      credentials: 'include',
      headers: { accept: 'application/json, text/plain' },
      cache: 'no-store',
    })
  const refused = (what: string) => new TokenRefused(`The page's token address ${what}: the agent is not signed in.`)
  let response = await ask('manual')
  // Followed apart: on the way to a login of another origin the browser says no more than that the network failed.
  const isMoved = response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)
  if (isMoved)
    response = await ask('follow').catch(() => {
      throw refused('leads to another site')
    })
  const { ok, status } = response
  if (status === 401 || status === 403) throw refused(`answered ${status}`)
  if (!ok && !isMoved) throw new Error(`The page's token address answered ${status}.`)
  const token = ok ? findToken(await response.text()) : null
  if (token === null) throw refused(`${isMoved ? 'leads elsewhere, which' : `answered ${status} and`} gave no token`)
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
    // A page in the place of a token must not leave this browser.
    last = findToken(found)
    if (last === null) throw new TokenRefused('The page gave a text that is no token: the agent is not signed in.')
    return last
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
