// At the start: every secret of a webhook can be opened, and is kept as the settings want it. A server that could sign nothing is better
// not started.
import { ConfigError } from '../config.ts'
import type { Parts } from '../parts.ts'
import { isKeptRight, seal, SealedError } from '../secrets.ts'
import { placeOf, secretOf, webhookOf } from './webhook.ts'

/** @throws ConfigError with the setting's name. */
export async function checkSecrets({ store, config, clock, organizations }: Pick<Parts, 'store' | 'config' | 'clock' | 'organizations'>) {
  for (const { id } of organizations)
    for (const setting of await store.settings(id, 'webhook')) {
      const { name, secret: kept } = webhookOf(setting)
      try {
        const secret = secretOf(config, id, { name, secret: kept })
        if (isKeptRight(config, kept)) continue
        const sealed = seal(config, secret, placeOf(id, name))
        await store.changeSetting(
          ...([id, 'webhook', name] as const),
          (before) => (before?.value.secret === kept ? { ...before.value, secret: sealed } : null),
          clock.now(),
        )
      } catch (error) {
        if (!(error instanceof SealedError)) throw error
        throw new ConfigError([`ENCRYPTION_KEY ${faultOf(config.encryptionKey !== null, name)}`])
      }
    }
}

function faultOf(isSet: boolean, name: string): string {
  const what = isSet ? 'is not the key' : 'is missing: it is the key'
  return `${what} with which the secret of the webhook "${name}" is kept. Set the one that it was sealed with, or give it as ENCRYPTION_KEY_PREVIOUS. Example: ENCRYPTION_KEY=<the 32 bytes in base64>`
}
