// Who one talks to, on which channel; whose conversation it is; and the rest of what can be done with it.
import type { OwnConversation } from '../../shared/model.ts'
import { formatTime } from '../locales/format.ts'
import { formatPhone } from '../locales/format-phone.ts'
import { AgentAvatar } from './avatar.tsx'
import { contactName } from './contact-name.ts'
import { Icon } from './icon.tsx'
import { Menu, type MenuItem } from './menu.tsx'
import { useShared } from './shared-state.ts'
import { useScene } from './thread-scene.ts'
import { tomorrowAt } from './zoned-time.ts'

export function ThreadHead({ conversation }: { conversation: OwnConversation }) {
  const { client, words, zone, now, inline, me, say, go, find, close } = useShared()
  const { mode } = useScene()
  const { id, contact, channel, status, assignee } = conversation
  const other = channel === 'sms' ? 'whatsapp' : 'sms'
  const change = (patch: Parameters<typeof client.update>[1]) => void client.update(id, patch)
  const tomorrow = tomorrowAt(zone, now.value, 9)
  const assign: MenuItem[] = []
  if (me !== null && assignee?.id !== me) assign.push({ label: words.assignToMe, icon: 'user', onPick: () => change({ assigneeId: me }) })
  if (assignee) assign.push({ label: words.unassign, icon: 'close', onPick: () => change({ assigneeId: null }) })

  const more: MenuItem[] = [
    status === 'closed'
      ? { label: words.reopen, icon: 'retry', onPick: () => change({ status: 'open', snoozedUntil: null }) }
      : { label: words.closeConversation, icon: 'tick', onPick: () => change({ status: 'closed' }) },
  ]
  if (status === 'open')
    more.push({
      label: words.snoozeTomorrow,
      icon: 'clock',
      end: formatTime(zone, tomorrow.toISOString()),
      onPick: () => change({ status: 'snoozed', snoozedUntil: tomorrow.toISOString() }),
    })
  if (status === 'snoozed') more.push({ label: words.reopen, icon: 'retry', onPick: () => change({ status: 'open', snoozedUntil: null }) })
  more.push({ label: words.editContact, icon: 'card', onPick: () => (mode.value = { at: 'contact', field: 'name' }) })
  const { phone } = contact
  if (phone !== null && client.ready.value?.channels.some((one) => one.channel === other && one.ready))
    more.push({
      label: say(words.writeBy, { channel: words[other] }),
      icon: 'phone',
      onPick: () =>
        find({
          ...(conversation.coordinationId ? { coordinationId: conversation.coordinationId } : {}),
          phone,
          name: contact.name,
          channel: other,
        }),
    })

  return (
    <div class="head thead">
      {!inline && (
        <button type="button" class="ib" aria-label={words.back} onClick={() => go({ at: 'inbox' })}>
          <Icon name="back" />
        </button>
      )}
      <div class="who">
        <h2 class="cut" title={contactName(contact)}>
          {contactName(contact)}
        </h2>
        <p class="cut num">{`${words[channel]} · ${formatPhone(contact.phone ?? contact.address)}`}</p>
      </div>
      <Menu label={assignee ? say(words.assignedTo, { name: assignee.name }) : words.assign} class="assign" items={assign}>
        {assignee ? (
          <AgentAvatar name={assignee.name} size="mid" title={say(words.assignedTo, { name: assignee.name })} />
        ) : (
          <Icon name="user" />
        )}
        <Icon name="down" />
      </Menu>
      <Menu label={words.moreActions} class="ib" items={more}>
        <Icon name="more" />
      </Menu>
      {!inline && (
        <button type="button" class="ib close" aria-label={words.close} onClick={close}>
          <Icon name="close" />
        </button>
      )}
    </div>
  )
}
