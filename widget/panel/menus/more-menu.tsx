// The menu of everything else that can be done with a conversation. Filing and tags open in the menu's place.
import { useState } from 'preact/hooks'
import type { OwnConversation } from '../../../shared/model.ts'
import { unreachable } from '../../client/http.ts'
import { dock, DOCK } from '../dock.ts'
import { finish } from '../load-follow.ts'
import type { PopupProps } from '../popup.tsx'
import { useShared } from '../shared-state.ts'
import { useMenuWords } from './menu-words.ts'
import { useScene } from '../thread-scene.ts'
import { FileBox } from './file-box.tsx'
import { type MenuItem, MenuList } from './menu-list.tsx'
import { TAG } from './tag-icon.ts'
import { TagsBox } from './tags-box.tsx'
import { SnoozeBox } from './snooze-box.tsx'

const PHONE = 'M7.5 2.5h5a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-5a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2ZM9 14.9h2'

export function MoreMenu({ conversation, ...popup }: PopupProps & { conversation: OwnConversation }) {
  const shared = useShared()
  const { client, words, inline, full, frame, say, find } = shared
  const own = useMenuWords()
  const { mode } = useScene()
  const [at, setAt] = useState<'menu' | 'file' | 'snooze' | 'tags'>('menu')
  const file = (record: string | null) =>
    import('../filing/filing.ts').then(({ filing }) => filing.fileConversation(shared, conversation, record), unreachable)
  if (at === 'file') return <FileBox conversation={conversation} onFile={file} {...popup} />
  const end = (patch: Parameters<typeof client.update>[1]) => finish(shared, conversation, patch)
  if (at === 'snooze') return <SnoozeBox onPick={(until) => end({ status: 'snoozed', snoozedUntil: until.toISOString() })} {...popup} />
  if (at === 'tags') return <TagsBox conversation={conversation} {...popup} />

  const { id, contact, channel, status } = conversation
  const change = (patch: Parameters<typeof client.update>[1]) => void client.update(id, patch)
  const reopen: MenuItem = { label: own.reopen, icon: 'retry', onPick: () => change({ status: 'open', snoozedUntil: null }) }
  const items: MenuItem[] = []
  if (status === 'closed') items.push(reopen)
  else items.push({ label: own.closeConversation, icon: 'tick', onPick: () => end({ status: 'closed' }) })
  if (status === 'snoozed') items.push(reopen)
  if (status !== 'closed') items.push({ label: `${own.snooze}…`, icon: 'clock', stays: true, onPick: () => setAt('snooze') })
  items.push(
    {
      label: conversation.coordinationId === null ? own.file : own.fileElsewhere,
      icon: 'record',
      stays: true,
      onPick: () => setAt('file'),
    },
    {
      label: own.tags,
      icon: TAG,
      ...(conversation.tags.length > 0 ? { end: String(conversation.tags.length) } : {}),
      stays: true,
      onPick: () => setAt('tags'),
    },
    { label: own.editContact, icon: 'card', onPick: () => (mode.value = { at: 'contact', field: 'name' }) },
  )
  if (conversation.awaitingReplySince !== null)
    items.push({ label: own.putAway, icon: 'tick', end: 'E', onPick: () => change({ answered: true }) })
  else if (conversation.inboundCount > 0)
    items.push({ label: own.markUnread, icon: 'waiting', end: 'U', onPick: () => change({ answered: false }) })
  const other = channel === 'sms' ? 'whatsapp' : 'sms'
  const { phone } = contact
  if (phone !== null && client.ready.value?.channels.some((one) => one.channel === other && one.ready))
    items.push({
      label: say(words.writeBy, { channel: words[other] }),
      icon: PHONE,
      onPick: () =>
        find({
          ...(conversation.coordinationId ? { coordinationId: conversation.coordinationId } : {}),
          phone,
          name: contact.name,
          channel: other,
        }),
    })
  if (!inline && !full.value) items.push({ label: frame.value.isDocked ? own.undock : words.dock, icon: DOCK, onPick: () => dock(frame) })
  return <MenuList {...popup} items={items} />
}
