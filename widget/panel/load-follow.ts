// The way to the chunk of what becomes of a conversation. Where it cannot be had it is done all the same, without Undo.
import type { follow } from './follow/follow.ts'

export const loadFollow = async () => (await import('./follow/follow.ts')).follow

export function finish(...given: Parameters<typeof follow.finish>): void {
  const [{ client }, { id }, patch] = given
  void loadFollow().then(
    (loaded) => loaded.finish(...given),
    () => client.update(id, patch),
  )
}

export function sendAndClose(...given: Parameters<typeof follow.sendAndClose>): void {
  const [{ client }, { id }, sent] = given
  void loadFollow().then(
    (loaded) => loaded.sendAndClose(...given),
    async () => (await sent).ok && client.update(id, { status: 'closed' }),
  )
}
