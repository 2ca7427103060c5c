// What is known of a contact, and what they want no more of.
import type { Contact } from '../../../shared/model.ts'
import { fill } from '../../../widget/locales/format.ts'
import { useShell } from '../../shell.ts'
import { formatDay } from '../format.ts'
import type { ContactProps } from './contact-props.ts'

export function Facts({ contact, words }: Pick<ContactProps, 'words'> & { contact: Contact }) {
  const shell = useShell()
  const details = Object.entries(contact.attributes)
  return (
    <div class="cards">
      <section class="card-box" aria-labelledby="contact-numbers">
        <h2 id="contact-numbers">{words.addresses}</h2>
        <dl class="facts">
          {contact.addresses.map(({ channel, address, phone, preferred }) => (
            <div key={channel + address}>
              <dt>{words.channels[channel]}</dt>
              <dd>
                <span class="num">{phone ?? address}</span>
                {phone === null && <span class="muted"> · {words.noPhone}</span>}
                {preferred && <span class="muted"> · {words.preferred}</span>}
              </dd>
            </div>
          ))}
          {contact.externalId !== null && (
            <div>
              <dt>{words.externalId}</dt>
              <dd>{contact.externalId}</dd>
            </div>
          )}
          {contact.tags.length > 0 && (
            <div>
              <dt>{words.tags}</dt>
              <dd class="tags">
                {contact.tags.map((tag) => (
                  <a key={tag} class="tag" href={`#/contacts?tag=${encodeURIComponent(tag)}`}>
                    {tag}
                  </a>
                ))}
              </dd>
            </div>
          )}
        </dl>
        <p class="muted">{fill(words.known, { date: formatDay(shell, contact.createdAt) })}</p>
      </section>
      <section class="card-box" aria-labelledby="contact-details">
        <h2 id="contact-details">{words.attributes}</h2>
        {details.length === 0 ? (
          <p class="muted">{words.noAttributes}</p>
        ) : (
          <dl class="facts">
            {details.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd dir="auto">{value}</dd>
              </div>
            ))}
          </dl>
        )}
      </section>
      <section class="card-box" aria-labelledby="contact-opt-outs">
        <h2 id="contact-opt-outs">{words.optOuts}</h2>
        {contact.optOuts.length === 0 && <p class="muted">{words.noOptOuts}</p>}
        <ul class="opt-outs">
          {contact.optOuts.map(({ channel, sender, scope, since, source }) => (
            <li key={channel + sender}>
              <b>{words.scopes[scope]}</b> · {words.channels[channel]} <span class="num">{sender}</span>
              <br />
              <span class="muted">
                {fill(words.since, { date: formatDay(shell, since) })}, {words.sources[source]}
              </span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}
