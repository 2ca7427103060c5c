// The words of what stands where one writes, which travel with it: a first open needs none.
import { useOwnWords } from '../own-words.ts'

const es = {
  fixNumber: 'Corregir número',
  editContact: 'Nombre y número',
  noAnswers: '{n} es un nombre, no un número: no recibe respuestas.',
  readOnly: 'Se puede leer acá, pero no responder. Podés dejar notas.',
  scope: 'Ya no tenés acceso a esta conversación. Tu borrador quedó guardado.',
  number: 'Número',
  optional: 'Opcional',
  begin: 'Empezar',
  onlyFromRecord: 'Solo podés empezar desde {records} que podés ver.',
  preview: 'Vista previa',
  goesAt: 'Sale: {t}',
  changeTime: 'Cambiar',
  goNow: 'Enviar ahora',
  planGone: 'Ya salió o se canceló: no se puede cambiar.',
  sendTemplate: 'Enviar plantilla',
  noTemplates: 'Todavía no hay plantillas aprobadas.',
  windowClosedHint: 'Si contesta, vas a poder escribir libremente.',
  searchTemplate: 'Buscar plantilla',
  seeAllTemplates: 'Ver las {n} plantillas',
  inReview: 'En revisión',
  inReviewHint: 'WhatsApp todavía no la aprobó. Suele tardar un día.',
}
type FormWords = typeof es
const en: FormWords = {
  fixNumber: 'Fix number',
  editContact: 'Name and number',
  noAnswers: '{n} is a name, not a number: it cannot be answered.',
  readOnly: 'You can read this here, but not answer. You can leave notes.',
  scope: 'You no longer have access to this conversation. Your draft is kept.',
  number: 'Number',
  optional: 'Optional',
  begin: 'Start',
  onlyFromRecord: 'You can only start from {records} that you can see.',
  preview: 'Preview',
  goesAt: 'Goes out: {t}',
  changeTime: 'Change',
  goNow: 'Send now',
  planGone: 'It has already gone out or was canceled: it cannot be changed.',
  sendTemplate: 'Send template',
  noTemplates: 'No approved templates yet.',
  windowClosedHint: 'If they answer, you can write freely.',
  searchTemplate: 'Search templates',
  seeAllTemplates: 'See all {n} templates',
  inReview: 'In review',
  inReviewHint: 'WhatsApp has not approved it yet. It usually takes a day.',
}
const pt: FormWords = {
  fixNumber: 'Corrigir número',
  editContact: 'Nome e número',
  noAnswers: '{n} é um nome, não um número: não recebe respostas.',
  readOnly: 'Dá para ler aqui, mas não para responder. Você pode deixar notas.',
  scope: 'Você não tem mais acesso a esta conversa. O rascunho foi guardado.',
  number: 'Número',
  optional: 'Opcional',
  begin: 'Começar',
  onlyFromRecord: 'Você só pode começar a partir de {records} que pode ver.',
  preview: 'Prévia',
  goesAt: 'Sai: {t}',
  changeTime: 'Mudar',
  goNow: 'Enviar agora',
  planGone: 'Já saiu ou foi cancelada: não dá para mudar.',
  sendTemplate: 'Enviar modelo',
  noTemplates: 'Ainda não há modelos aprovados.',
  windowClosedHint: 'Se responder, você vai poder escrever livremente.',
  searchTemplate: 'Buscar modelo',
  seeAllTemplates: 'Ver os {n} modelos',
  inReview: 'Em análise',
  inReviewHint: 'O WhatsApp ainda não aprovou. Costuma levar um dia.',
}

const all = { es, en, pt }

export function useFormWords(): FormWords {
  return useOwnWords(all)
}
