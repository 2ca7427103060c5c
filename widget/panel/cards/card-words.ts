// The words of cards under messages, which travel with them: few threads show one.
import { useOwnWords } from '../own-words.ts'

const es = {
  fixNumber: 'Corregir número',
  askStart: 'Pedirle START por {channel}',
  askStartText: 'Para volver a recibir nuestros mensajes por {channel}, respondé START a nuestro número.',
  chooseTemplate: 'Elegir plantilla',
  sendAnyway: 'Enviar igual',
  backToEditing: 'Volver a editar',
  resend: 'Enviar de nuevo',
  discard: 'Descartar',
  collision: '{name} contestó mientras escribías: “{text}”',
  doubt: 'No sabemos si salió. Lo estamos averiguando; esperá antes de repetirlo.',
  aColleague: 'Alguien del equipo',
  edit: 'Editar',
  editingPlan: 'Estás editando lo que sale {t}',
  changeTime: 'Cambiar',
  stopEditing: 'Dejar como estaba',
  putAway: 'Quitar este aviso',
  wroteAgo: 'WhatsApp dice que no puede recibir, pero {n} escribió hace {t}. Suele ser pasajero: probá de nuevo.',
  undoneLate: 'Ya salió: no se puede deshacer.',
  planGone: 'Ya salió o se canceló: no se puede cambiar.',
  late: 'Volvió la conexión. Este mensaje es de hace {t}. ¿Lo enviamos igual?',
}
type CardWords = typeof es
const en: CardWords = {
  fixNumber: 'Fix number',
  askStart: 'Ask for START by {channel}',
  askStartText: 'To get our messages by {channel} again, please send START to our number.',
  chooseTemplate: 'Choose template',
  sendAnyway: 'Send anyway',
  backToEditing: 'Back to editing',
  resend: 'Send again',
  discard: 'Discard',
  collision: '{name} answered while you wrote: “{text}”',
  doubt: 'We cannot tell if it went out. We are checking; wait before repeating it.',
  aColleague: 'A colleague',
  edit: 'Edit',
  editingPlan: 'You are editing what goes out {t}',
  changeTime: 'Change',
  stopEditing: 'Leave it as it was',
  putAway: 'Put this notice away',
  wroteAgo: 'WhatsApp says they cannot receive, but {n} wrote {t} ago. This usually passes: try again.',
  undoneLate: 'It has already gone out: it cannot be undone.',
  planGone: 'It has already gone out or was canceled: it cannot be changed.',
  late: 'Back online. This message is {t} old. Send it anyway?',
}
const pt: CardWords = {
  fixNumber: 'Corrigir número',
  askStart: 'Pedir START por {channel}',
  askStartText: 'Para voltar a receber nossas mensagens por {channel}, envie START ao nosso número.',
  chooseTemplate: 'Escolher modelo',
  sendAnyway: 'Enviar mesmo assim',
  backToEditing: 'Voltar a editar',
  resend: 'Enviar de novo',
  discard: 'Descartar',
  collision: '{name} respondeu enquanto você escrevia: “{text}”',
  doubt: 'Não sabemos se saiu. Estamos verificando; espere antes de repetir.',
  aColleague: 'Alguém da equipe',
  edit: 'Editar',
  editingPlan: 'Você está editando o que sai {t}',
  changeTime: 'Mudar',
  stopEditing: 'Deixar como estava',
  putAway: 'Tirar este aviso',
  wroteAgo: 'O WhatsApp diz que não pode receber, mas {n} escreveu há {t}. Costuma passar: tente de novo.',
  undoneLate: 'Já saiu: não dá para desfazer.',
  planGone: 'Já saiu ou foi cancelada: não dá para mudar.',
  late: 'A conexão voltou. Esta mensagem é de {t} atrás. Enviar mesmo assim?',
}

const all = { es, en, pt }

export function useCardWords(): CardWords {
  return useOwnWords(all)
}
