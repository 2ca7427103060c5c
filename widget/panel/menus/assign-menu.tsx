// Whose conversation it is: mine, nobody's, or a colleague's: those that the server knows, and at once those seen here.
import { useEffect, useState } from 'preact/hooks'
import type { Agent, Author, OwnConversation } from '../../../shared/model.ts'
import { finish } from '../load-follow.ts'
import type { PopupProps } from '../popup.tsx'
import { useShared } from '../shared-state.ts'
import { useMenuWords } from './menu-words.ts'
import { useScene } from '../thread-scene.ts'
import { type MenuItem, MenuList } from './menu-list.tsx'

const MOST = 50

export function AssignMenu({ conversation, ...popup }: PopupProps & { conversation: OwnConversation }) {
  const shared = useShared()
  const { client, me, zone, say } = shared
  const own = useMenuWords()
  const { thread } = useScene()
  const { assignee } = conversation
  const assign = (assigneeId: string | null, name?: string) => finish(shared, conversation, { assigneeId }, name)

  const [agents, setAgents] = useState<Agent[]>([])
  useEffect(() => {
    let current = true
    void client.http<{ items?: Agent[] }>('GET', '/api/agents').then((answer) => {
      if (current && answer.ok) setAgents(answer.items ?? [])
    })
    return () => {
      current = false
    }
  }, [])

  const seen = new Map<string, string>()
  const see = (one: { id: string | null; name: string } | null) => one?.id && one.name && seen.set(one.id, one.name)
  const wrote = (author: Author | undefined) => author?.type === 'agent' && see(author)
  for (const one of agents) see(one)
  for (const one of client.inbox.items.value) {
    see(one.assignee)
    wrote(one.lastMessage?.author)
  }
  for (const message of thread.messages.value) wrote(message.author)
  for (const one of thread.presence.value) see(one)

  const items: MenuItem[] = []
  if (me !== null && assignee?.id !== me) items.push({ label: own.assignToMe, icon: 'user', onPick: () => assign(me) })
  const presences = new Map(agents.map((one) => [one.id, one.presence]))
  const others = [...seen]
    .filter(([agentId]) => agentId !== me && agentId !== assignee?.id)
    .sort(([, a], [, b]) => a.localeCompare(b, zone.locale))
    .slice(0, MOST)
  for (const [agentId, name] of others) {
    const isAway = presences.get(agentId) === 'away'
    items.push({
      label: say(own.assignTo, { name }),
      icon: 'user',
      ...(isAway ? { end: own.away } : {}),
      onPick: () => assign(agentId, name),
    })
  }
  if (assignee) items.push({ label: own.unassign, icon: 'close', onPick: () => assign(null) })
  return <MenuList {...popup} items={items} />
}
