// The words of the campaigns, in each language.
import type { CampaignStatus } from '../../../shared/campaigns.ts'
import type { Locale, Plural } from '../../words/words.ts'

export interface CampaignWords {
  title: string
  make: string
  none: string
  noneHint: string
  name: string
  state: string
  progress: string
  outcome: string
  made: string
  states: Record<CampaignStatus, string>
  listing: string
  people: Plural
  arrived: string
  failed: string
  answered: string
}

export const campaignWords: Record<Locale, CampaignWords> = {
  es: {
    title: 'Campañas',
    make: 'Campaña nueva',
    none: 'Todavía no hay campañas',
    noneHint: 'Una campaña lleva un mensaje a muchos clientes, con un vistazo antes de empezar.',
    name: 'Nombre',
    state: 'Estado',
    progress: 'Avance',
    outcome: 'Resultado',
    made: 'Creada',
    states: {
      draft: 'Borrador',
      scheduled: 'Programada',
      running: 'En curso',
      paused: 'En pausa',
      done: 'Terminada',
      canceled: 'Cancelada',
    },
    listing: 'Armando la lista…',
    people: { one: '{n} persona', other: '{n} personas' },
    arrived: '{n} % llegó',
    failed: '{n} % falló',
    answered: '{n} % contestó',
  },
  en: {
    title: 'Campaigns',
    make: 'New campaign',
    none: 'No campaigns yet',
    noneHint: 'A campaign takes one message to many clients, with a look ahead before it starts.',
    name: 'Name',
    state: 'State',
    progress: 'Progress',
    outcome: 'Outcome',
    made: 'Made',
    states: { draft: 'Draft', scheduled: 'Scheduled', running: 'Running', paused: 'Paused', done: 'Done', canceled: 'Cancelled' },
    listing: 'Listing whom it is for…',
    people: { one: '{n} person', other: '{n} people' },
    arrived: '{n} % arrived',
    failed: '{n} % failed',
    answered: '{n} % answered',
  },
  pt: {
    title: 'Campanhas',
    make: 'Nova campanha',
    none: 'Ainda não há campanhas',
    noneHint: 'Uma campanha leva uma mensagem a muitos clientes, com uma conferida antes de começar.',
    name: 'Nome',
    state: 'Estado',
    progress: 'Andamento',
    outcome: 'Resultado',
    made: 'Criada',
    states: {
      draft: 'Rascunho',
      scheduled: 'Programada',
      running: 'Em curso',
      paused: 'Em pausa',
      done: 'Terminada',
      canceled: 'Cancelada',
    },
    listing: 'Montando a lista…',
    people: { one: '{n} pessoa', other: '{n} pessoas' },
    arrived: '{n} % chegou',
    failed: '{n} % falhou',
    answered: '{n} % respondeu',
  },
}
