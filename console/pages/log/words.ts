// The words of the log.
import type { MessageStatus } from '../../../shared/model.ts'
import type { RetrySkip } from '../../../shared/retry-many.ts'

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
  retryAll: string
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
  pre: {
    title: string
    ask: string
    counting: string
    will: { one: string; other: string }
    nothing: string
    skipped: { one: string; other: string }
    see: string
    go: { one: string; other: string }
    going: string
    done: { one: string; other: string }
    back: string
  }
  skips: Record<RetrySkip, string>
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
    retryAll: 'Reintentar los fallidos',
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
    pre: {
      title: 'Reintentar los fallidos',
      ask: 'Cada uno sale como un mensaje nuevo, al ritmo de las campañas.',
      counting: 'Contando cuáles pueden ir…',
      will: { one: 'Va {n} mensaje de nuevo.', other: 'Van {n} mensajes de nuevo.' },
      nothing: 'Con estos filtros no hay ninguno que pueda ir de nuevo.',
      skipped: { one: 'Queda {n} sin reintentar', other: 'Quedan {n} sin reintentar' },
      see: 'Ver uno',
      go: { one: 'Reintentar {n}', other: 'Reintentar {n}' },
      going: 'Reintentando…',
      done: { one: 'Salió {n} de nuevo.', other: 'Salieron {n} de nuevo.' },
      back: 'Volver',
    },
    skips: {
      done: 'ya se reintentaron, o alguien los dio por vistos',
      permanent: 'fallarían otra vez',
      expired: 'ya vencieron',
      erased: 'su texto se borró',
      window: 'pasaron las 24 horas',
      opted_out: 'pidieron no recibir más',
      invalid_phone: 'el número no es válido',
      no_sender: 'no hay número para enviar',
      template: 'la plantilla no puede ir',
      content: 'su contenido no puede ir',
      limit: 'ya recibieron bastante en la última hora',
      calendar: 'no es un horario permitido',
    },
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
    retryAll: 'Try the failed again',
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
    pre: {
      title: 'Try the failed again',
      ask: 'Each goes as a new message, at the pace of campaigns.',
      counting: 'Counting which can go…',
      will: { one: '{n} message goes again.', other: '{n} messages go again.' },
      nothing: 'With these filters there is none that could go again.',
      skipped: { one: '{n} is left', other: '{n} are left' },
      see: 'See one',
      go: { one: 'Try {n} again', other: 'Try {n} again' },
      going: 'Trying again…',
      done: { one: '{n} went again.', other: '{n} went again.' },
      back: 'Back',
    },
    skips: {
      done: 'were tried again already, or put away',
      permanent: 'would fail again',
      expired: 'have expired',
      erased: 'their text is erased',
      window: 'the 24 hours have passed',
      opted_out: 'asked for no more messages',
      invalid_phone: 'the number is not valid',
      no_sender: 'there is no number to send from',
      template: 'the template may not go',
      content: 'what they hold cannot go',
      limit: 'got enough in the last hour',
      calendar: 'the contact calendar does not allow it now',
    },
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
    retryAll: 'Tentar as falhas de novo',
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
    pre: {
      title: 'Tentar as falhas de novo',
      ask: 'Cada uma vai como mensagem nova, no ritmo das campanhas.',
      counting: 'Contando quais podem ir…',
      will: { one: 'Vai {n} mensagem de novo.', other: 'Vão {n} mensagens de novo.' },
      nothing: 'Com estes filtros não há nenhuma que possa ir de novo.',
      skipped: { one: 'Fica {n} sem nova tentativa', other: 'Ficam {n} sem nova tentativa' },
      see: 'Ver uma',
      go: { one: 'Tentar {n} de novo', other: 'Tentar {n} de novo' },
      going: 'Tentando de novo…',
      done: { one: '{n} foi de novo.', other: '{n} foram de novo.' },
      back: 'Voltar',
    },
    skips: {
      done: 'já foram tentadas de novo, ou alguém deu por vistas',
      permanent: 'falhariam de novo',
      expired: 'já expiraram',
      erased: 'o texto foi apagado',
      window: 'passaram as 24 horas',
      opted_out: 'pediram para não receber mais',
      invalid_phone: 'o número não é válido',
      no_sender: 'não há número para enviar',
      template: 'o modelo não pode ir',
      content: 'o conteúdo não pode ir',
      limit: 'já receberam bastante na última hora',
      calendar: 'não é um horário permitido',
    },
  },
}
