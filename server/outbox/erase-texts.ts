// Erases what sensitive messages said once nobody needs it any more: where no receipt comes, where one failed and was not sent
// again, and where a process was killed between a receipt and the erasing.
import type { Parts } from '../parts.ts'
import { eraseSpent } from '../rules/message.ts'
import { changeMessage } from './change-message.ts'

const PAGE = 200

export async function eraseTexts(parts: Parts): Promise<void> {
  const rule = eraseSpent(parts.clock.now())
  for (let after: string | null = null; ; ) {
    const page: { orgId: string; id: string }[] = await parts.store.sensitiveTexts(after, PAGE)
    for (const { orgId, id } of page) await changeMessage(parts, orgId, id, rule)
    after = page.at(-1)?.id ?? null
    if (page.length < PAGE) return
  }
}
