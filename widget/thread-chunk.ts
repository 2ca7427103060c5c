// A thread in the page's flow, for `<hilo-thread>`: beside the panel's chunk, on which it stands.
import { mountThread as mount } from './panel/mount-thread.tsx'
import { adoptTokens } from './panel-chunk.ts'
import type { ThreadModule } from './client/panel.ts'

export const mountThread: ThreadModule['mountThread'] = (root, client, options) => {
  adoptTokens(root)
  return mount(root, client, options)
}
