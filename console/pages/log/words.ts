// The words of the log.
import type { MessageStatus } from '../../../shared/model.ts'

export interface LogWords {
  title: string
  search: string
  filters: string
  moreFilters: string
  clear: string
  anyState: string
  state: string
  direction: string
  directions: { any: string; inbound: string; outbound: string; internal: string }
  channel: string
  anyChannel: string
  channels: { whatsapp: string; sms: string }
  author: string
  authors: { any: string; contact: string; agent: string; automation: string; campaign: string; system: string }
  agentId: string
  automation: string
  campaign: string
  record: string
  contact: string
  conversation: string
  from: string
  to: string
  statuses: Record<MessageStatus, string>
  when: string
  who: string
  text: string
  price: string
  estimated: string
  none: string
  noneHint: string
  noneYet: string
  noneYetHint: string
  more: string
  download: string
  downloading: string
  times: string
  entered: string
  due: string
  sentAt: string
  deliveredAt: string
  readAt: string
  failedAt: string
  expires: string
  ids: string
  messageId: string
  twilioSid: string
  clientId: string
  thread: string
  retryOf: string
  fallbackOf: string
  noText: string
  hidden: string
  file: string
  files: string
  template: string
  why: string
  retry: string
  retried: string
  cancel: string
  canceled: string
  putAway: string
  isPutAway: string
  tryOther: string
  open: string
  close: string
  wentWrong: string
  gone: string
  noTemplates: string
  fromRecord: string
  sendIt: string
  back: string
}

export const logWords: Record<'es' | 'en' | 'pt', LogWords> = {
  es: {
    title: 'Registro de mensajes',
    search: 'Buscar en los textos',
    filters: 'Filtros',
    moreFilters: 'Más filtros',
    clear: 'Quitar filtros',
    anyState: 'Cualquier estado',
    state: 'Estado',
    direction: 'Sentido',
    directions: { any: 'Entrantes y salientes', inbound: 'Entrantes', outbound: 'Salientes', internal: 'Internos' },
    channel: 'Canal',
    anyChannel: 'Todos los canales',
    channels: { whatsapp: 'WhatsApp', sms: 'SMS' },
    author: 'Autor',
    authors: {
      any: 'Cualquier autor',
      contact: 'Cliente',
      agent: 'Agentes',
      automation: 'Automáticos',
      campaign: 'Campañas',
      system: 'Sistema',
    },
    agentId: 'Id del agente',
    automation: 'Automatización',
    campaign: 'Campaña',
    record: 'Coordinación',
    contact: 'Contacto',
    conversation: 'Conversación',
    from: 'Desde',
    to: 'Hasta',
    statuses: {
      received: 'Recibido',
      scheduled: 'Programado',
      queued: 'En cola',
      sending: 'Enviando',
      unconfirmed: 'Sin confirmar',
      sent: 'Enviado',
      delivered: 'Entregado',
      read: 'Leído',
      failed: 'Falló',
      canceled: 'Cancelado',
    },
    when: 'Fecha',
    who: 'De quién',
    text: 'Mensaje',
    price: 'Precio',
    estimated: 'estimado',
    none: 'Ningún mensaje con estos filtros',
    noneHint: 'Quitá alguno o ampliá las fechas.',
    noneYet: 'Todavía no hay mensajes',
    noneYetHint: 'Acá aparece todo lo que entra y sale.',
    more: 'Ver más',
    download: 'Descargar CSV',
    downloading: 'Descargando…',
    times: 'Horarios',
    entered: 'Creado',
    due: 'Programado para',
    sentAt: 'Enviado',
    deliveredAt: 'Entregado',
    readAt: 'Leído',
    failedAt: 'Falló',
    expires: 'Vence',
    ids: 'Identificadores',
    messageId: 'Mensaje',
    twilioSid: 'Twilio',
    clientId: 'Del cliente de la API',
    thread: 'Conversación',
    retryOf: 'Reintento de',
    fallbackOf: 'En lugar de',
    noText: 'Sin texto',
    hidden: 'Texto oculto: es confidencial',
    file: '1 archivo',
    files: '{n} archivos',
    template: 'Plantilla',
    why: 'Por qué falló',
    retry: 'Reintentar',
    retried: 'Va de nuevo, como mensaje nuevo.',
    cancel: 'Cancelar el envío',
    canceled: 'No se va a enviar.',
    putAway: 'Dar por visto',
    isPutAway: 'Alguien lo dio por visto.',
    tryOther: 'Abrir el contacto',
    open: 'Ver el mensaje del {when}',
    close: 'Cerrar',
    wentWrong: 'No se pudo cargar el registro.',
    gone: 'Ese mensaje ya no está.',
    noTemplates: 'No hay ninguna plantilla que pueda ir ahora.',
    fromRecord: 'se completa si la coordinación lo tiene',
    sendIt: 'Enviar',
    back: 'Volver',
  },
  en: {
    title: 'Message log',
    search: 'Search the texts',
    filters: 'Filters',
    moreFilters: 'More filters',
    clear: 'Clear filters',
    anyState: 'Any state',
    state: 'State',
    direction: 'Direction',
    directions: { any: 'In and out', inbound: 'Inbound', outbound: 'Outbound', internal: 'Internal' },
    channel: 'Channel',
    anyChannel: 'All channels',
    channels: { whatsapp: 'WhatsApp', sms: 'SMS' },
    author: 'Author',
    authors: { any: 'Any author', contact: 'Client', agent: 'Agents', automation: 'Automated', campaign: 'Campaigns', system: 'System' },
    agentId: 'Agent’s id',
    automation: 'Automation',
    campaign: 'Campaign',
    record: 'Record',
    contact: 'Contact',
    conversation: 'Conversation',
    from: 'From',
    to: 'Until',
    statuses: {
      received: 'Received',
      scheduled: 'Scheduled',
      queued: 'Queued',
      sending: 'Sending',
      unconfirmed: 'Unconfirmed',
      sent: 'Sent',
      delivered: 'Delivered',
      read: 'Read',
      failed: 'Failed',
      canceled: 'Canceled',
    },
    when: 'Date',
    who: 'Whose',
    text: 'Message',
    price: 'Price',
    estimated: 'estimated',
    none: 'No message with these filters',
    noneHint: 'Take one away, or look at more days.',
    noneYet: 'No messages yet',
    noneYetHint: 'All that comes in and goes out shows here.',
    more: 'Show more',
    download: 'Download CSV',
    downloading: 'Downloading…',
    times: 'Times',
    entered: 'Made',
    due: 'Scheduled for',
    sentAt: 'Sent',
    deliveredAt: 'Delivered',
    readAt: 'Read',
    failedAt: 'Failed',
    expires: 'Expires',
    ids: 'Ids',
    messageId: 'Message',
    twilioSid: 'Twilio',
    clientId: 'Of the API’s caller',
    thread: 'Conversation',
    retryOf: 'New try of',
    fallbackOf: 'In place of',
    noText: 'No text',
    hidden: 'Text hidden: it is sensitive',
    file: '1 file',
    files: '{n} files',
    template: 'Template',
    why: 'Why it failed',
    retry: 'Try again',
    retried: 'It goes again, as a new message.',
    cancel: 'Cancel it',
    canceled: 'It will not be sent.',
    putAway: 'Put away',
    isPutAway: 'Somebody put it away.',
    tryOther: 'Open the contact',
    open: 'See the message of {when}',
    close: 'Close',
    wentWrong: 'The log could not be loaded.',
    gone: 'That message is not there any more.',
    noTemplates: 'There is no template that may go now.',
    fromRecord: 'filled where the record has it',
    sendIt: 'Send',
    back: 'Back',
  },
  pt: {
    title: 'Registro de mensagens',
    search: 'Buscar nos textos',
    filters: 'Filtros',
    moreFilters: 'Mais filtros',
    clear: 'Limpar filtros',
    anyState: 'Qualquer estado',
    state: 'Estado',
    direction: 'Sentido',
    directions: { any: 'Recebidas e enviadas', inbound: 'Recebidas', outbound: 'Enviadas', internal: 'Internas' },
    channel: 'Canal',
    anyChannel: 'Todos os canais',
    channels: { whatsapp: 'WhatsApp', sms: 'SMS' },
    author: 'Autor',
    authors: {
      any: 'Qualquer autor',
      contact: 'Cliente',
      agent: 'Agentes',
      automation: 'Automáticas',
      campaign: 'Campanhas',
      system: 'Sistema',
    },
    agentId: 'Id do agente',
    automation: 'Automação',
    campaign: 'Campanha',
    record: 'Coordenação',
    contact: 'Contato',
    conversation: 'Conversa',
    from: 'De',
    to: 'Até',
    statuses: {
      received: 'Recebida',
      scheduled: 'Agendada',
      queued: 'Na fila',
      sending: 'Enviando',
      unconfirmed: 'Sem confirmação',
      sent: 'Enviada',
      delivered: 'Entregue',
      read: 'Lida',
      failed: 'Falhou',
      canceled: 'Cancelada',
    },
    when: 'Data',
    who: 'De quem',
    text: 'Mensagem',
    price: 'Preço',
    estimated: 'estimado',
    none: 'Nenhuma mensagem com estes filtros',
    noneHint: 'Tire algum ou amplie as datas.',
    noneYet: 'Ainda não há mensagens',
    noneYetHint: 'Aqui aparece tudo o que entra e sai.',
    more: 'Ver mais',
    download: 'Baixar CSV',
    downloading: 'Baixando…',
    times: 'Horários',
    entered: 'Criada',
    due: 'Agendada para',
    sentAt: 'Enviada',
    deliveredAt: 'Entregue',
    readAt: 'Lida',
    failedAt: 'Falhou',
    expires: 'Expira',
    ids: 'Identificadores',
    messageId: 'Mensagem',
    twilioSid: 'Twilio',
    clientId: 'De quem chamou a API',
    thread: 'Conversa',
    retryOf: 'Nova tentativa de',
    fallbackOf: 'No lugar de',
    noText: 'Sem texto',
    hidden: 'Texto oculto: é confidencial',
    file: '1 arquivo',
    files: '{n} arquivos',
    template: 'Modelo',
    why: 'Por que falhou',
    retry: 'Tentar de novo',
    retried: 'Vai de novo, como mensagem nova.',
    cancel: 'Cancelar o envio',
    canceled: 'Não será enviada.',
    putAway: 'Dar por vista',
    isPutAway: 'Alguém deu por vista.',
    tryOther: 'Abrir o contato',
    open: 'Ver a mensagem de {when}',
    close: 'Fechar',
    wentWrong: 'Não foi possível carregar o registro.',
    gone: 'Essa mensagem não está mais aqui.',
    noTemplates: 'Não há nenhum modelo que possa ir agora.',
    fromRecord: 'preenchido se a coordenação o tiver',
    sendIt: 'Enviar',
    back: 'Voltar',
  },
}
