// Who one talks to, on which channel; whose conversation it is; and the rest of what can be done with it.
import type { OwnConversation } from '../../shared/model.ts'
import { normalisedAddress } from '../../shared/phone.ts'
import { formatPhone } from '../locales/format-phone.ts'
import { AgentAvatar } from './avatar.tsx'
import { contactName } from './contact-name.ts'
import { Icon } from './icon.tsx'
import { onDemand } from './on-demand.tsx'
import { PopupButton } from './popup.tsx'
import { useShared } from './shared-state.ts'

const AssignMenu = onDemand(async () => (await import('./menus/menus.ts')).menus.AssignMenu)
const MoreMenu = onDemand(async () => (await import('./menus/menus.ts')).menus.MoreMenu)

export function ThreadHead({ conversation }: { conversation: OwnConversation }) {
  const { words, inline, panes, say, go, close } = useShared()
  const { contact, channel, assignee } = conversation
  const given = { conversation }
  const name = contactName(contact)
  const phone = formatPhone(conversation.coordination?.phone ?? normalisedAddress(contact.phone ?? contact.address))
  const by = `${words[channel]} · ${phone}`
  return (
    <div class="head thead">
      {!inline && !panes.value && (
        <button type="button" class="ib" aria-label={words.back} onClick={() => go({ at: 'inbox' })}>
          <Icon name="back" />
        </button>
      )}
      <div class="who">
        <h2 class="cut" dir="auto" translate={false} title={name}>
          {inline ? (
            name
          ) : (
            <button type="button" class="cut" onClick={() => go({ at: 'person', conversationId: conversation.id })}>
              {name}
            </button>
          )}
        </h2>
        <p class="cut num" translate={false} title={`${words[channel]} · ${contact.address}`}>
          {name === phone ? words[channel] : by}
        </p>
      </div>
      <PopupButton
        label={assignee ? say(words.assignedTo, { name: assignee.name }) : words.assign}
        class="assign"
        popup={AssignMenu}
        with={given}
      >
        {assignee ? (
          <AgentAvatar name={assignee.name} size="mid" title={say(words.assignedTo, { name: assignee.name })} />
        ) : (
          <Icon name="user" />
        )}
        <Icon name="down" />
      </PopupButton>
      <PopupButton label={words.moreActions} class="ib" popup={MoreMenu} with={given}>
        <Icon name="more" />
      </PopupButton>
      {!inline && (
        <button type="button" class="ib close" aria-label={words.close} onClick={close}>
          <Icon name="close" />
        </button>
      )}
    </div>
  )
}
