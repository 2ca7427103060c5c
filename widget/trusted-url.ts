// Addresses of scripts and workers under a host's Trusted Types: they go by one policy, `hilo`, that the host names in its
// Content-Security-Policy.

interface Policy {
  createScriptURL(url: string): unknown
}
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy
  [kept: symbol]: Policy | undefined
}

/** A page lets a policy be made once. It is kept where a loader that came anew and the chunks find it, and not on `window`. */
const KEPT = Symbol.for('hilo.policy')

/**
 * The address as the page takes it; itself where there are no Trusted Types.
 *
 * @param url of the chat server's or of the page's own origin.
 * @param origin of the chat server; only whoever asks first is asked for it.
 * @throws where the host's policy does not name `hilo`, or for another origin's address.
 */
export function trustedUrl(url: string, origin: string = location.origin): string {
  const { trustedTypes } = window as { trustedTypes?: PolicyFactory }
  if (!trustedTypes) return url
  const origins = new Set([origin, location.origin])
  trustedTypes[KEPT] ??= trustedTypes.createPolicy('hilo', {
    createScriptURL(asked) {
      if (!origins.has(new URL(asked, location.href).origin)) throw new TypeError(`Hilo loads nothing from ${asked}.`)
      return asked
    },
  })
  // The page takes the object where its type says text.
  return trustedTypes[KEPT].createScriptURL(url) as string
}
