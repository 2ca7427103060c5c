// The words of a person's card, which travel with it.
import { useOwnWords } from '../own-words.ts'

const es = {
  since: 'Desde el {d}',
  optedOut: 'Pidió no recibir más mensajes por {channel}',
  noPromotions: 'No quiere promociones por {channel}',
  note: 'Notas',
  noteHint: 'Solo las ve el equipo',
  notSaved: 'No se pudo guardar.',
  everything: 'Todo lo hablado',
  older: 'Más antiguos',
  openRecord: 'Ver {title} en la aplicación',
}
type PersonWords = typeof es
const en: PersonWords = {
  since: 'Since {d}',
  optedOut: 'Asked for no more {channel} messages',
  noPromotions: 'Wants no {channel} promotions',
  note: 'Notes',
  noteHint: 'Only the team sees them',
  notSaved: 'Could not be saved.',
  everything: 'Everything said',
  older: 'Older ones',
  openRecord: 'See {title} in the application',
}
const pt: PersonWords = {
  since: 'Desde {d}',
  optedOut: 'Pediu para não receber mais mensagens por {channel}',
  noPromotions: 'Não quer promoções por {channel}',
  note: 'Notas',
  noteHint: 'Só a equipe vê',
  notSaved: 'Não foi possível salvar.',
  everything: 'Tudo o que foi dito',
  older: 'Mais antigas',
  openRecord: 'Ver {title} no aplicativo',
}

const all = { es, en, pt }

export function usePersonWords(): PersonWords {
  return useOwnWords(all)
}
