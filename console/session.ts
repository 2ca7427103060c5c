// Whose console this is. The host opens `/console#token=…`: what stands behind the `#` reaches no server and no log. It is taken out of the
// address at once and kept for this tab alone. The same window opened again with another token goes on with that one, where it stands.
import { type Claims, createTokenSource, type TokenOptions, type TokenSource } from '../widget/client/token.ts'

const KEY = 'hilo-console-token'
/** A timer of more than this ends at once. */
const MOST_MS = 2 ** 31 - 1

/** `none`: nobody gave a token; `ended`: theirs has ended, or was refused. */
export type SessionState = 'none' | 'signed-in' | 'ended'

export interface Session {
  state(): SessionState
  tokens: TokenSource
  /** Unverified, for what is shown. Null: there is no token yet, or it is none. */
  claims(): Claims | null
  /** The server takes the token no more, and there is no other. */
  end(): void
  signOut(): void
  /** Told of each change; the answer ends it. */
  watch(listener: () => void): () => void
}

/** Of this server alone: another one's answer could sign somebody in as somebody else. */
function ownAddress(text: string): string | null {
  const address = new URL(text, location.origin)
  return address.origin === location.origin ? address.href : null
}

/** What the address brings, which then no longer says it. Null: nothing. */
function takeFromAddress(back: string): TokenOptions | null {
  const given = new URLSearchParams(location.hash.slice(1))
  const token = given.get('token')
  const tokenUrl = given.get('token-url')
  if (token === null && tokenUrl === null) return null
  history.replaceState(null, '', given.get('go')?.startsWith('/') ? `#${given.get('go')}` : back || '#/')
  if (token !== null) return { token }
  const own = ownAddress(tokenUrl ?? '')
  return own === null ? null : { tokenUrl: own }
}

function readKept(): TokenOptions | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as TokenOptions | null
  } catch {
    return null
  }
}

function keep(options: TokenOptions | null): void {
  try {
    if (options === null) sessionStorage.removeItem(KEY)
    else sessionStorage.setItem(KEY, JSON.stringify(options))
  } catch {
    // Forbidden here: it lasts as long as the page.
  }
}

export function openSession(): Session {
  const listeners = new Set<() => void>()
  let given = takeFromAddress('') ?? readKept()
  let state: SessionState = given === null ? 'none' : 'signed-in'
  let ending: ReturnType<typeof setTimeout> | undefined
  let lastPlace = location.hash
  const tokens = createTokenSource(given ?? {})

  function move(next: SessionState): void {
    state = next
    for (const listener of listeners) listener()
  }

  /** Told in time, and not by the first click that fails. One that is renewed does not end. */
  async function watchEnd(): Promise<void> {
    clearTimeout(ending)
    if (given === null || tokens.renewable()) return
    await tokens.last().catch(() => null)
    const exp = tokens.claims()?.exp
    if (exp !== undefined) ending = setTimeout(() => move('ended'), Math.min(Math.max(0, exp * 1000 - Date.now()), MOST_MS))
  }

  function take(options: TokenOptions): void {
    given = options
    keep(given)
    tokens.replace(given)
    void tokens.last().then(
      () => move('signed-in'),
      () => move('ended'),
    )
    void watchEnd()
  }

  addEventListener('hashchange', () => {
    const found = takeFromAddress(lastPlace)
    if (found !== null) take(found)
    lastPlace = location.hash
  })
  keep(given)
  void watchEnd()

  return {
    state: () => state,
    tokens,
    claims: () => tokens.claims(),
    end: () => move('ended'),
    signOut() {
      clearTimeout(ending)
      given = null
      keep(null)
      tokens.replace({})
      move('none')
    },
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
