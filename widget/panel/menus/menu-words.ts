// The words of menus, which travel with them: a first open needs none.
import { useOwnWords } from '../own-words.ts'

const es = {
  assignToMe: 'Asignármela',
  unassign: 'Dejar sin asignar',
  assignTo: 'Asignar a {name}',
  unfile: 'Dejar sin {record}',
  searchRecord: 'Buscar {record}',
  file: 'Elegir {record}',
  closeConversation: 'Cerrar conversación',
  reopen: 'Reabrir',
  snoozeTomorrow: 'Posponer hasta mañana',
  fileElsewhere: 'Cambiar de {record}',
  tags: 'Etiquetas',
  newTag: 'Etiqueta nueva',
  add: 'Agregar',
  removeTag: 'Quitar {name}',
  thisAfternoon: 'Hoy a la tarde',
  tomorrowMorning: 'Mañana a la mañana',
  dayBefore: '24 h antes',
  timeIsPast: 'Esa hora ya pasó.',
  willBeClosed: 'A esa hora la ventana ya va a estar cerrada; conviene una plantilla.',
  day: 'Día',
  hour: 'Hora',
}
type MenuWords = typeof es
const en: MenuWords = {
  assignToMe: 'Assign to me',
  unassign: 'Unassign',
  assignTo: 'Assign to {name}',
  unfile: 'Leave with no {record}',
  searchRecord: 'Search {records}',
  file: 'Choose {record}',
  closeConversation: 'Close conversation',
  reopen: 'Reopen',
  snoozeTomorrow: 'Snooze until tomorrow',
  fileElsewhere: 'Change {record}',
  tags: 'Tags',
  newTag: 'New tag',
  add: 'Add',
  removeTag: 'Remove {name}',
  thisAfternoon: 'This afternoon',
  tomorrowMorning: 'Tomorrow morning',
  dayBefore: '24 h before',
  timeIsPast: 'That time has passed.',
  willBeClosed: 'The window will be closed by then; a template is safer.',
  day: 'Day',
  hour: 'Time',
}
const pt: MenuWords = {
  assignToMe: 'Atribuir a mim',
  unassign: 'Deixar sem responsável',
  assignTo: 'Atribuir a {name}',
  unfile: 'Deixar sem {record}',
  searchRecord: 'Buscar {record}',
  file: 'Escolher {record}',
  closeConversation: 'Fechar conversa',
  reopen: 'Reabrir',
  snoozeTomorrow: 'Adiar até amanhã',
  fileElsewhere: 'Mudar de {record}',
  tags: 'Etiquetas',
  newTag: 'Nova etiqueta',
  add: 'Adicionar',
  removeTag: 'Remover {name}',
  thisAfternoon: 'Hoje à tarde',
  tomorrowMorning: 'Amanhã de manhã',
  dayBefore: '24 h antes',
  timeIsPast: 'Essa hora já passou.',
  willBeClosed: 'Nessa hora a janela já vai estar fechada; melhor um modelo.',
  day: 'Dia',
  hour: 'Hora',
}

const all = { es, en, pt }

export function useMenuWords(): MenuWords {
  return useOwnWords(all)
}
