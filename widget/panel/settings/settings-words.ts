// The words of the settings, which travel with them: no other view needs them.
import type { OwnSettings } from '../../../shared/model.ts'
import type { Locale } from '../../client/panel.ts'

export interface SettingsWords {
  away: string
  awayHint: string
  sound: string
  soundHint: string
  listen: string
  notifications: string
  notificationsHint: string
  allow: string
  denied: string
  unsupported: string
  closedToo: string
  closedNot: string
  closedFailed: string
  quiet: string
  quietHint: string
  notifyOf: string
  notifyOfHint: string
  of: Record<OwnSettings['notifyOf'], string>
  from: string
  to: string
  check: string
  checkHint: string
  assign: string
  assignHint: string
  undo: string
  undoHint: string
  everywhere: string
  notSaved: string
}

const es: SettingsWords = {
  away: 'Ausente',
  awayHint: 'Mientras estás ausente no suena nada ni llegan avisos.',
  sound: 'Sonido',
  soundHint: 'Dos notas suaves cuando escribe un cliente.',
  listen: 'Escuchar',
  notifications: 'Avisos del navegador',
  notificationsHint: 'Cuando estás en otra ventana.',
  allow: 'Permitir avisos',
  denied: 'Este navegador los tiene bloqueados. Se permiten en el candado junto a la dirección de la página.',
  unsupported: 'Este navegador no muestra avisos de páginas.',
  closedToo: 'También te avisamos con la página cerrada.',
  closedNot: 'Con la página cerrada no llegan avisos.',
  closedFailed: 'No pudimos activar los avisos con la página cerrada. Probá de nuevo más tarde.',
  quiet: 'Horario de silencio',
  quietHint: 'Sin sonido ni avisos en estas horas.',
  notifyOf: 'Avisarme de',
  notifyOfHint: 'Vale para el sonido y para todos los avisos. Lo demás solo se cuenta.',
  of: { all: 'Todas', mine_or_unassigned: 'Mías y sin asignar', mine: 'Mías' },
  from: 'Desde',
  to: 'Hasta',
  check: 'Revisar datos',
  checkHint: 'Si un monto, una fecha, una hora o un nombre no coincide con lo cargado, te avisamos antes de enviar.',
  assign: 'Asignarme lo que respondo',
  assignHint: 'Lo que no es de nadie pasa a ser tuyo cuando respondés.',
  undo: 'Deshacer envíos',
  undoHint: 'Lo que enviás sale a los cinco segundos. Hasta entonces lo podés deshacer.',
  everywhere: 'Vale en todos tus navegadores.',
  notSaved: 'No se pudo guardar. Probá de nuevo.',
}

const en: SettingsWords = {
  away: 'Away',
  awayHint: 'While you are away there is no sound and no notification.',
  sound: 'Sound',
  soundHint: 'Two soft notes when a client writes.',
  listen: 'Listen',
  notifications: 'Browser notifications',
  notificationsHint: 'While you are in another window.',
  allow: 'Allow notifications',
  denied: 'This browser blocks them. Allow them at the padlock beside the page’s address.',
  unsupported: 'This browser cannot show notifications from pages.',
  closedToo: 'You also hear of messages while the page is closed.',
  closedNot: 'While the page is closed you get none.',
  closedFailed: 'We could not turn on notifications for when the page is closed. Try again later.',
  quiet: 'Quiet hours',
  quietHint: 'No sound and no notifications in these hours.',
  notifyOf: 'Notify me of',
  notifyOfHint: 'Holds for the sound and for all notifications. The rest is only counted.',
  of: { all: 'All', mine_or_unassigned: 'Mine and unassigned', mine: 'Mine' },
  from: 'From',
  to: 'To',
  check: 'Check facts',
  checkHint: 'If an amount, date, time or name differs from what we know, we tell you before it goes out.',
  assign: 'Assign what I answer to me',
  assignHint: 'A conversation that is nobody’s becomes yours when you answer it.',
  undo: 'Undo send',
  undoHint: 'What you send goes out after five seconds. Until then you can undo it.',
  everywhere: 'Applies in all your browsers.',
  notSaved: 'It could not be saved. Try again.',
}

const pt: SettingsWords = {
  away: 'Ausente',
  awayHint: 'Enquanto você está ausente não há som nem avisos.',
  sound: 'Som',
  soundHint: 'Duas notas suaves quando um cliente escreve.',
  listen: 'Ouvir',
  notifications: 'Avisos do navegador',
  notificationsHint: 'Quando você está em outra janela.',
  allow: 'Permitir avisos',
  denied: 'Este navegador os bloqueia. Permita no cadeado ao lado do endereço da página.',
  unsupported: 'Este navegador não mostra avisos de páginas.',
  closedToo: 'Também avisamos com a página fechada.',
  closedNot: 'Com a página fechada não há avisos.',
  closedFailed: 'Não foi possível ativar os avisos com a página fechada. Tente de novo mais tarde.',
  quiet: 'Horário de silêncio',
  quietHint: 'Sem som nem avisos nestas horas.',
  notifyOf: 'Avisar sobre',
  notifyOfHint: 'Vale para o som e para todos os avisos. O resto só é contado.',
  of: { all: 'Todas', mine_or_unassigned: 'Minhas e sem responsável', mine: 'Minhas' },
  from: 'De',
  to: 'Até',
  check: 'Conferir dados',
  checkHint: 'Se um valor, data, hora ou nome não bate com o que está cadastrado, você é avisado antes de enviar.',
  assign: 'Atribuir a mim o que respondo',
  assignHint: 'Uma conversa sem responsável passa a ser sua quando você responde.',
  undo: 'Desfazer envio',
  undoHint: 'O que você envia sai depois de cinco segundos. Até lá dá para desfazer.',
  everywhere: 'Vale em todos os seus navegadores.',
  notSaved: 'Não foi possível salvar. Tente de novo.',
}

const all: Record<Locale, SettingsWords> = { es, en, pt }

export const settingsWords = (locale: Locale): SettingsWords => all[locale]
