// The words of a thread's line: its client wants no more messages, no more promotions, or wants them again, and who says so; or
// what happened to its record.
import type { Message } from '../../../shared/model.ts'
import { firstName } from '../names.ts'
import { useOwnWords } from '../own-words.ts'
import { useShared } from '../shared-state.ts'
import { useScene } from '../thread-scene.ts'

type Event = NonNullable<Message['event']>
type Happened = Exclude<Event, { name: 'record' }>

const es = {
  all: '{n} pidió no recibir más mensajes',
  marketing: '{n} no quiere más promociones',
  back: '{n} vuelve a recibir mensajes',
  ambiguous: 'Quizá quiso cancelar algo de su {record}: conviene preguntarle por otro medio',
  by: {
    keyword: '',
    twilio: 'Lo dice Twilio',
    whatsapp: 'Lo dice WhatsApp',
    agent: 'Lo anotó el equipo',
    host: 'Lo dice la aplicación',
    import: 'Viene de una lista importada',
  } satisfies Record<Happened['source'], string>,
  /** By the host's name for it; others are shown as the host calls them. */
  record: {
    'coordination.rescheduled': 'Se reprogramó',
    'coordination.canceled': 'Se canceló',
    'payment.received': 'Pago recibido',
    'payment.overdue': 'Pago vencido',
    'loan.approved': 'Préstamo aprobado',
  },
}
type OptOutWordsOf = typeof es
const en: OptOutWordsOf = {
  all: '{n} asked for no more messages',
  marketing: '{n} wants no more promotions',
  back: '{n} gets messages again',
  ambiguous: 'Perhaps they meant to cancel something of their {record}: ask them another way',
  by: {
    keyword: '',
    twilio: 'Twilio says so',
    whatsapp: 'WhatsApp says so',
    agent: 'The team noted it',
    host: 'The application says so',
    import: 'From an imported list',
  },
  record: {
    'coordination.rescheduled': 'Rescheduled',
    'coordination.canceled': 'Canceled',
    'payment.received': 'Payment received',
    'payment.overdue': 'Payment overdue',
    'loan.approved': 'Loan approved',
  },
}
const pt: OptOutWordsOf = {
  all: '{n} pediu para não receber mais mensagens',
  marketing: '{n} não quer mais promoções',
  back: '{n} volta a receber mensagens',
  ambiguous: 'Talvez quisesse cancelar algo de {record}: convém perguntar por outro meio',
  by: {
    keyword: '',
    twilio: 'Informado pelo Twilio',
    whatsapp: 'Informado pelo WhatsApp',
    agent: 'Anotado pela equipe',
    host: 'Informado pelo aplicativo',
    import: 'De uma lista importada',
  },
  record: {
    'coordination.rescheduled': 'Remarcado',
    'coordination.canceled': 'Cancelado',
    'payment.received': 'Pagamento recebido',
    'payment.overdue': 'Pagamento vencido',
    'loan.approved': 'Empréstimo aprovado',
  },
}

const all = { es, en, pt }

export function OptOutWords({ event }: { event: Event }) {
  const { say } = useShared()
  const own = useOwnWords(all)
  const { conversation } = useScene()
  if (event.name === 'record') {
    const { type } = event
    return <>{Object.hasOwn(own.record, type) ? own.record[type as keyof typeof own.record] : type}</>
  }
  const what = event.name === 'opted_in' ? own.back : own[event.scope]
  const sentences = [
    say(what, { n: firstName(conversation.value?.contact.name ?? '') }),
    own.by[event.source],
    event.ambiguous ? own.ambiguous : '',
  ]
  return <>{sentences.filter((one) => one !== '').join('. ')}</>
}
