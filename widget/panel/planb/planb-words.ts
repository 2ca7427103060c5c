// The words of plan B, which travel with it: few plans have one.
import { useOwnWords } from '../own-words.ts'

const es = {
  goesAt: 'Sale {t}',
  willBeClosed: 'A esa hora la ventana ya va a estar cerrada, salvo que {n} escriba antes.',
  stepText: 'El texto, si la ventana está abierta',
  ifClosed: 'Si está cerrada',
  template: 'Plantilla',
  noTemplate: 'Sin plantilla',
  bySms: 'SMS con el mismo texto',
  orBySms: 'Si tampoco se puede, SMS con el mismo texto',
  onlyTemplate: 'Solo plantilla',
  elseTemplate: 'Si no, la plantilla “{t}”',
  elseSms: 'Si no, un SMS con el texto',
  forNow: 'por ahora, esto',
  nothingNow: 'Por ahora no podría salir nada.',
  tookText: 'Salió el texto: la ventana estaba abierta.',
  tookTemplate: 'Salió la plantilla porque la ventana estaba cerrada. En lugar de: “{t}”',
  tookSms: {
    window: 'Salió por SMS porque la ventana estaba cerrada.',
    template: 'Salió por SMS: la ventana estaba cerrada y la plantilla ya no se podía enviar.',
    opted_out: 'Salió por SMS porque por WhatsApp no quiere más mensajes.',
    sender: 'Salió por SMS porque nuestro WhatsApp no estaba disponible.',
    not_on_whatsapp: 'Salió por SMS porque por WhatsApp no se lo encuentra.',
  },
  seeSms: 'Ver el SMS',
}
type PlanBWords = typeof es
const en: PlanBWords = {
  goesAt: 'Goes out {t}',
  willBeClosed: 'The window will be closed by then, unless {n} writes before.',
  stepText: 'The text, if the window is open',
  ifClosed: 'If it is closed',
  template: 'Template',
  noTemplate: 'No template',
  bySms: 'SMS with the same text',
  orBySms: 'If that cannot go either, SMS with the same text',
  onlyTemplate: 'Only a template',
  elseTemplate: 'Else the template “{t}”',
  elseSms: 'Else an SMS with the text',
  forNow: 'as things stand, this',
  nothingNow: 'As things stand, nothing could go out.',
  tookText: 'Went as text: the window was open.',
  tookTemplate: 'Went as template since the window was closed. In place of: “{t}”',
  tookSms: {
    window: 'Went by SMS since the window was closed.',
    template: 'Went by SMS: the window was closed, and the template could no longer be sent.',
    opted_out: 'Went by SMS since they want no more messages on WhatsApp.',
    sender: 'Went by SMS since our WhatsApp was not available.',
    not_on_whatsapp: 'Went by SMS since WhatsApp does not reach them.',
  },
  seeSms: 'See the SMS',
}
const pt: PlanBWords = {
  goesAt: 'Sai {t}',
  willBeClosed: 'Nessa hora a janela já vai estar fechada, a não ser que {n} escreva antes.',
  stepText: 'O texto, se a janela estiver aberta',
  ifClosed: 'Se estiver fechada',
  template: 'Modelo',
  noTemplate: 'Sem modelo',
  bySms: 'SMS com o mesmo texto',
  orBySms: 'Se também não der, SMS com o mesmo texto',
  onlyTemplate: 'Só modelo',
  elseTemplate: 'Senão, o modelo “{t}”',
  elseSms: 'Senão, um SMS com o texto',
  forNow: 'por enquanto, isto',
  nothingNow: 'Por enquanto nada poderia sair.',
  tookText: 'Saiu o texto: a janela estava aberta.',
  tookTemplate: 'Saiu o modelo porque a janela estava fechada. No lugar de: “{t}”',
  tookSms: {
    not_on_whatsapp: 'Saiu por SMS porque o WhatsApp não chega a essa pessoa.',
    window: 'Saiu por SMS porque a janela estava fechada.',
    template: 'Saiu por SMS: a janela estava fechada e o modelo já não podia ser enviado.',
    opted_out: 'Saiu por SMS porque não quer mais mensagens no WhatsApp.',
    sender: 'Saiu por SMS porque o nosso WhatsApp não estava disponível.',
  },
  seeSms: 'Ver o SMS',
}

const all = { es, en, pt }

export function usePlanBWords(): PlanBWords {
  return useOwnWords(all)
}
