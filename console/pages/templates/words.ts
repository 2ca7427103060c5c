// The words of the templates' pages.
import type { TemplateStatus, TemplateType } from '../../../shared/model.ts'
import type { TemplateSubmission } from '../../../shared/template-requests.ts'

type Category = TemplateSubmission['category']

export interface TemplateWords {
  title: string
  search: string
  language: string
  anyLanguage: string
  create: string
  createFirst: string
  sync: string
  syncing: string
  synced: string
  name: string
  state: string
  category: string
  quality: string
  type: string
  text: string
  changed: string
  none: string
  noneHint: string
  noneYet: string
  noneYetHint: string
  more: string
  own: string
  gone: string
  goneHint: string
  inWindow: string
  notByWhatsapp: string
  statuses: Record<TemplateStatus, string>
  statusHints: Record<TemplateStatus, string>
  categories: Record<Category, string>
  categoryHints: Record<Category, string>
  types: Record<TemplateType, string>
  qualities: { high: string; medium: string; low: string; unknown: string }
  rejection: string
  variables: string
  defaults: string
  sid: string
  again: string
  remove: string
  removeAsk: string
  removeHint: string
  removing: string
  back: string
  wentWrong: string
  missing: string
  form: {
    title: string
    lead: string
    nameHint: string
    languageHint: string
    top: string
    tops: { none: string; text: string; media: string }
    header: string
    media: string
    mediaHint: string
    body: string
    bodyHint: string
    codeBodyHint: string
    chars: string
    addVariable: string
    variable: string
    footer: string
    optional: string
    samples: string
    samplesHint: string
    sampleOf: string
    buttons: string
    buttonsHint: string
    addReply: string
    addLink: string
    addCall: string
    buttonTypes: { reply: string; url: string; phone: string }
    buttonText: string
    payload: string
    payloadHint: string
    url: string
    urlHint: string
    phone: string
    removeButton: string
    up: string
    down: string
    minutes: string
    minutesHint: string
    warning: string
    copyButton: string
    preview: string
    previewHint: string
    becomes: string
    submit: string
    submitting: string
    cancel: string
    faults: { one: string; other: string }
    allRight: string
    sent: string
    sentHint: string
    minutesFault: string
    emptyFault: string
    languageFault: string
    leave: string
    document: string
    video: string
    picture: string
  }
}

/** Offered; any other may be typed. */
export const languages = ['es_AR', 'es', 'es_MX', 'es_ES', 'pt_BR', 'pt_PT', 'en', 'en_US', 'en_GB', 'fr', 'it', 'de'] as const

export const templateWords: Record<'es' | 'en' | 'pt', TemplateWords> = {
  es: {
    title: 'Plantillas',
    search: 'Buscar plantillas',
    language: 'Idioma',
    anyLanguage: 'Todos los idiomas',
    create: 'Nueva plantilla',
    createFirst: 'Escribir la primera',
    sync: 'Leer de Twilio',
    syncing: 'Leyendo…',
    synced: 'Leídas de Twilio: {created} nuevas, {changed} cambiadas, {gone} que ya no están.',
    name: 'Nombre',
    state: 'Estado',
    category: 'Categoría',
    quality: 'Calidad',
    type: 'Tipo',
    text: 'Texto',
    changed: 'Cambió',
    none: 'Ninguna plantilla con estas palabras',
    noneHint: 'Probá con otras, o en otro idioma.',
    noneYet: 'Todavía no hay plantillas',
    noneYetHint: 'Con una plantilla aprobada se puede escribir primero, o después de las 24 horas.',
    more: 'Ver más',
    own: 'Texto propio',
    gone: 'Ya no está en Twilio',
    goneHint: 'Se borró en Twilio: no se puede enviar.',
    inWindow: 'Dentro de las 24 horas puede ir igual.',
    notByWhatsapp: 'No está en WhatsApp: va como texto, dentro de las 24 horas, y por SMS.',
    statuses: {
      unsubmitted: 'Sin enviar a WhatsApp',
      received: 'Recibida',
      pending: 'En revisión',
      approved: 'Aprobada',
      rejected: 'Rechazada',
      paused: 'Pausada',
      disabled: 'Desactivada',
    },
    statusHints: {
      unsubmitted: 'WhatsApp todavía no la vio.',
      received: 'WhatsApp la tiene y la va a revisar.',
      pending: 'WhatsApp la está revisando: suele tardar minutos, a veces un día.',
      approved: 'Se puede enviar en cualquier momento.',
      rejected: 'WhatsApp no la aceptó.',
      paused: 'WhatsApp la pausó porque a los clientes no les gustó: primero 3 horas, después 6.',
      disabled: 'WhatsApp la desactivó: hay que hacer otra.',
    },
    categories: { UTILITY: 'Utilidad', MARKETING: 'Marketing', AUTHENTICATION: 'Código' },
    categoryHints: {
      UTILITY: 'Sobre algo que el cliente pidió o ya tiene: un turno, un pago, un envío.',
      MARKETING: 'Ofertas, novedades, invitaciones. Cuesta más y el cliente puede frenarlas.',
      AUTHENTICATION: 'Un código de un solo uso. WhatsApp escribe el texto.',
    },
    types: {
      text: 'Texto',
      media: 'Con archivo',
      'quick-reply': 'Con respuestas',
      'call-to-action': 'Con enlaces',
      card: 'Tarjeta',
      'list-picker': 'Lista',
      location: 'Ubicación',
      carousel: 'Carrusel',
      flows: 'Formulario',
      authentication: 'Código',
      other: 'Otro',
    },
    qualities: { high: 'Alta', medium: 'Media', low: 'Baja', unknown: 'Sin datos' },
    rejection: 'Motivo del rechazo',
    variables: 'Variables',
    defaults: 'Valores por defecto',
    sid: 'En Twilio',
    again: 'Usar como base',
    remove: 'Borrar',
    removeAsk: '¿Borrar “{name}” en {language}?',
    removeHint: 'Se borra acá. Lo que Twilio todavía tenga vuelve con la próxima lectura.',
    removing: 'Borrando…',
    back: 'Volver a plantillas',
    wentWrong: 'No se pudieron cargar las plantillas.',
    missing: 'No hay una plantilla con ese nombre.',
    form: {
      title: 'Nueva plantilla',
      lead: 'Lo que WhatsApp no aceptaría se dice mientras escribís.',
      nameHint: 'Minúsculas, números y _: así la llama WhatsApp.',
      languageHint: 'El del texto, como es o es_AR.',
      top: 'Arriba del texto',
      tops: { none: 'Nada', text: 'Un encabezado', media: 'Un archivo' },
      header: 'Encabezado',
      media: 'Dirección del archivo',
      mediaHint: 'Una imagen, un video o un PDF que se pueda abrir sin contraseña.',
      body: 'Texto',
      bodyHint: 'Lo que cambia en cada mensaje va entre llaves: {{nombre}}.',
      codeBodyHint: 'Solo la variable del código, como {{codigo}}: el resto lo escribe WhatsApp.',
      chars: '{used} de {most}',
      addVariable: 'Agregar variable',
      variable: 'nombre',
      footer: 'Pie',
      optional: 'optativo',
      samples: 'Ejemplos',
      samplesHint: 'WhatsApp revisa la plantilla con ellos: que parezcan de verdad.',
      sampleOf: 'Ejemplo de {name}',
      buttons: 'Botones',
      buttonsHint: 'Respuestas de un toque, enlaces o un teléfono.',
      addReply: 'Respuesta',
      addLink: 'Enlace',
      addCall: 'Llamada',
      buttonTypes: { reply: 'Respuesta', url: 'Enlace', phone: 'Llamada' },
      buttonText: 'Texto del botón',
      payload: 'Qué recibe tu sistema',
      payloadHint: 'confirm, reschedule, cancel o lo que tu sistema entienda. Vacío: el texto.',
      url: 'Dirección',
      urlHint: 'Puede terminar en una variable: https://…/{{codigo}}',
      phone: 'Teléfono',
      removeButton: 'Quitar el botón {n}',
      up: 'Subir el botón {n}',
      down: 'Bajar el botón {n}',
      minutes: 'Vence en minutos',
      minutesHint: 'De 1 a 90. Vacío: WhatsApp no lo dice.',
      warning: 'Pedir que no lo comparta',
      copyButton: 'Texto del botón de copiar',
      preview: 'Así la ve el cliente',
      previewHint: 'Con los ejemplos en lugar de las variables.',
      becomes: 'Tipo: {type}',
      submit: 'Enviar a WhatsApp',
      submitting: 'Enviando…',
      cancel: 'Cancelar',
      faults: { one: 'Falta corregir {n} cosa.', other: 'Falta corregir {n} cosas.' },
      allRight: 'Cumple las reglas de WhatsApp.',
      sent: 'WhatsApp la tiene.',
      sentHint: 'El estado se actualiza solo.',
      minutesFault: 'Van minutos enteros, de 1 a {most}.',
      emptyFault: 'Falta el texto.',
      languageFault: 'No es un idioma como es o es_AR.',
      leave: 'Lo escrito no se guardó. ¿Salir igual?',
      document: 'Documento',
      video: 'Video',
      picture: 'Imagen',
    },
  },
  en: {
    title: 'Templates',
    search: 'Search templates',
    language: 'Language',
    anyLanguage: 'All languages',
    create: 'New template',
    createFirst: 'Write the first one',
    sync: 'Read from Twilio',
    syncing: 'Reading…',
    synced: 'Read from Twilio: {created} new, {changed} changed, {gone} gone.',
    name: 'Name',
    state: 'State',
    category: 'Category',
    quality: 'Quality',
    type: 'Kind',
    text: 'Text',
    changed: 'Changed',
    none: 'No template with these words',
    noneHint: 'Try others, or another language.',
    noneYet: 'No templates yet',
    noneYetHint: 'With an approved one you may write first, or after the 24 hours.',
    more: 'Show more',
    own: 'Own text',
    gone: 'Gone at Twilio',
    goneHint: 'It was deleted at Twilio: it cannot be sent.',
    inWindow: 'Within the 24 hours it may go all the same.',
    notByWhatsapp: 'Not at WhatsApp: it goes as text, within the 24 hours, and by SMS.',
    statuses: {
      unsubmitted: 'Not submitted',
      received: 'Received',
      pending: 'In review',
      approved: 'Approved',
      rejected: 'Rejected',
      paused: 'Paused',
      disabled: 'Disabled',
    },
    statusHints: {
      unsubmitted: 'WhatsApp has not seen it yet.',
      received: 'WhatsApp has it and will look at it.',
      pending: 'WhatsApp is looking at it: mostly minutes, sometimes a day.',
      approved: 'It may be sent at any time.',
      rejected: 'WhatsApp did not take it.',
      paused: 'WhatsApp paused it because clients did not like it: 3 hours first, then 6.',
      disabled: 'WhatsApp disabled it: a new one is needed.',
    },
    categories: { UTILITY: 'Utility', MARKETING: 'Marketing', AUTHENTICATION: 'Code' },
    categoryHints: {
      UTILITY: 'About something the client asked for or has: an appointment, a payment, a delivery.',
      MARKETING: 'Offers, news, invitations. It costs more, and clients can stop it.',
      AUTHENTICATION: 'A one-time code. WhatsApp writes the words.',
    },
    types: {
      text: 'Text',
      media: 'With a file',
      'quick-reply': 'With answers',
      'call-to-action': 'With links',
      card: 'Card',
      'list-picker': 'List',
      location: 'Location',
      carousel: 'Carousel',
      flows: 'Form',
      authentication: 'Code',
      other: 'Other',
    },
    qualities: { high: 'High', medium: 'Medium', low: 'Low', unknown: 'Not known' },
    rejection: 'Why it was rejected',
    variables: 'Variables',
    defaults: 'Default values',
    sid: 'At Twilio',
    again: 'Use as a start',
    remove: 'Delete',
    removeAsk: 'Delete “{name}” in {language}?',
    removeHint: 'It is deleted here. What Twilio still has comes back with the next reading.',
    removing: 'Deleting…',
    back: 'Back to templates',
    wentWrong: 'The templates could not be loaded.',
    missing: 'There is no template of that name.',
    form: {
      title: 'New template',
      lead: 'What WhatsApp would refuse is told while you write.',
      nameHint: 'Small letters, digits and _: WhatsApp’s name for it.',
      languageHint: 'That of the text, such as en or es_AR.',
      top: 'Above the text',
      tops: { none: 'Nothing', text: 'A header', media: 'A file' },
      header: 'Header',
      media: 'Address of the file',
      mediaHint: 'A picture, a video or a PDF that opens without a password.',
      body: 'Text',
      bodyHint: 'What differs in each message stands in braces: {{name}}.',
      codeBodyHint: 'The variable of the code alone, such as {{code}}: WhatsApp writes the rest.',
      chars: '{used} of {most}',
      addVariable: 'Add a variable',
      variable: 'name',
      footer: 'Footer',
      optional: 'optional',
      samples: 'Samples',
      samplesHint: 'WhatsApp looks at the template with them: make them look real.',
      sampleOf: 'Sample of {name}',
      buttons: 'Buttons',
      buttonsHint: 'One-tap answers, links, or a number to call.',
      addReply: 'Answer',
      addLink: 'Link',
      addCall: 'Call',
      buttonTypes: { reply: 'Answer', url: 'Link', phone: 'Call' },
      buttonText: 'Text of the button',
      payload: 'What your system is told',
      payloadHint: 'confirm, reschedule, cancel, or what your system knows. Empty: the text.',
      url: 'Address',
      urlHint: 'It may end in a variable: https://…/{{code}}',
      phone: 'Phone',
      removeButton: 'Remove button {n}',
      up: 'Move button {n} up',
      down: 'Move button {n} down',
      minutes: 'Expires in minutes',
      minutesHint: '1 to 90. Empty: WhatsApp does not say it.',
      warning: 'Ask not to share it',
      copyButton: 'Text of the copy button',
      preview: 'As the client sees it',
      previewHint: 'With the samples in place of the variables.',
      becomes: 'Kind: {type}',
      submit: 'Submit to WhatsApp',
      submitting: 'Submitting…',
      cancel: 'Cancel',
      faults: { one: '{n} thing is left to mend.', other: '{n} things are left to mend.' },
      allRight: 'It keeps WhatsApp’s rules.',
      sent: 'WhatsApp has it.',
      sentHint: 'Its state is followed by itself.',
      minutesFault: 'Whole minutes, 1 to {most}.',
      emptyFault: 'The text is missing.',
      languageFault: 'That is no language such as en or es_AR.',
      leave: 'What you wrote is not kept. Leave all the same?',
      document: 'Document',
      video: 'Video',
      picture: 'Picture',
    },
  },
  pt: {
    title: 'Modelos',
    search: 'Buscar modelos',
    language: 'Idioma',
    anyLanguage: 'Todos os idiomas',
    create: 'Novo modelo',
    createFirst: 'Escrever o primeiro',
    sync: 'Ler da Twilio',
    syncing: 'Lendo…',
    synced: 'Lidos da Twilio: {created} novos, {changed} alterados, {gone} que não estão mais.',
    name: 'Nome',
    state: 'Estado',
    category: 'Categoria',
    quality: 'Qualidade',
    type: 'Tipo',
    text: 'Texto',
    changed: 'Mudou',
    none: 'Nenhum modelo com estas palavras',
    noneHint: 'Tente outras, ou outro idioma.',
    noneYet: 'Ainda não há modelos',
    noneYetHint: 'Com um modelo aprovado dá para escrever primeiro, ou depois das 24 horas.',
    more: 'Ver mais',
    own: 'Texto próprio',
    gone: 'Não está mais na Twilio',
    goneHint: 'Foi apagado na Twilio: não pode ser enviado.',
    inWindow: 'Dentro das 24 horas pode ir mesmo assim.',
    notByWhatsapp: 'Não está no WhatsApp: vai como texto, dentro das 24 horas, e por SMS.',
    statuses: {
      unsubmitted: 'Não enviado ao WhatsApp',
      received: 'Recebido',
      pending: 'Em análise',
      approved: 'Aprovado',
      rejected: 'Rejeitado',
      paused: 'Pausado',
      disabled: 'Desativado',
    },
    statusHints: {
      unsubmitted: 'O WhatsApp ainda não o viu.',
      received: 'O WhatsApp o tem e vai analisar.',
      pending: 'O WhatsApp está analisando: em geral minutos, às vezes um dia.',
      approved: 'Pode ser enviado a qualquer momento.',
      rejected: 'O WhatsApp não o aceitou.',
      paused: 'O WhatsApp o pausou porque os clientes não gostaram: primeiro 3 horas, depois 6.',
      disabled: 'O WhatsApp o desativou: é preciso fazer outro.',
    },
    categories: { UTILITY: 'Utilidade', MARKETING: 'Marketing', AUTHENTICATION: 'Código' },
    categoryHints: {
      UTILITY: 'Sobre algo que o cliente pediu ou já tem: um horário, um pagamento, uma entrega.',
      MARKETING: 'Ofertas, novidades, convites. Custa mais e o cliente pode parar.',
      AUTHENTICATION: 'Um código de uso único. O WhatsApp escreve o texto.',
    },
    types: {
      text: 'Texto',
      media: 'Com arquivo',
      'quick-reply': 'Com respostas',
      'call-to-action': 'Com links',
      card: 'Cartão',
      'list-picker': 'Lista',
      location: 'Localização',
      carousel: 'Carrossel',
      flows: 'Formulário',
      authentication: 'Código',
      other: 'Outro',
    },
    qualities: { high: 'Alta', medium: 'Média', low: 'Baixa', unknown: 'Sem dados' },
    rejection: 'Motivo da rejeição',
    variables: 'Variáveis',
    defaults: 'Valores padrão',
    sid: 'Na Twilio',
    again: 'Usar como base',
    remove: 'Apagar',
    removeAsk: 'Apagar “{name}” em {language}?',
    removeHint: 'É apagado aqui. O que a Twilio ainda tiver volta na próxima leitura.',
    removing: 'Apagando…',
    back: 'Voltar aos modelos',
    wentWrong: 'Não foi possível carregar os modelos.',
    missing: 'Não há modelo com esse nome.',
    form: {
      title: 'Novo modelo',
      lead: 'O que o WhatsApp não aceitaria é dito enquanto você escreve.',
      nameHint: 'Minúsculas, números e _: é o nome no WhatsApp.',
      languageHint: 'O do texto, como pt_BR ou es_AR.',
      top: 'Acima do texto',
      tops: { none: 'Nada', text: 'Um cabeçalho', media: 'Um arquivo' },
      header: 'Cabeçalho',
      media: 'Endereço do arquivo',
      mediaHint: 'Uma imagem, um vídeo ou um PDF que abra sem senha.',
      body: 'Texto',
      bodyHint: 'O que muda em cada mensagem fica entre chaves: {{nome}}.',
      codeBodyHint: 'Só a variável do código, como {{codigo}}: o resto o WhatsApp escreve.',
      chars: '{used} de {most}',
      addVariable: 'Adicionar variável',
      variable: 'nome',
      footer: 'Rodapé',
      optional: 'opcional',
      samples: 'Exemplos',
      samplesHint: 'O WhatsApp analisa o modelo com eles: que pareçam reais.',
      sampleOf: 'Exemplo de {name}',
      buttons: 'Botões',
      buttonsHint: 'Respostas de um toque, links ou um telefone.',
      addReply: 'Resposta',
      addLink: 'Link',
      addCall: 'Ligação',
      buttonTypes: { reply: 'Resposta', url: 'Link', phone: 'Ligação' },
      buttonText: 'Texto do botão',
      payload: 'O que o seu sistema recebe',
      payloadHint: 'confirm, reschedule, cancel ou o que o seu sistema entenda. Vazio: o texto.',
      url: 'Endereço',
      urlHint: 'Pode terminar em uma variável: https://…/{{codigo}}',
      phone: 'Telefone',
      removeButton: 'Tirar o botão {n}',
      up: 'Subir o botão {n}',
      down: 'Descer o botão {n}',
      minutes: 'Expira em minutos',
      minutesHint: 'De 1 a 90. Vazio: o WhatsApp não diz.',
      warning: 'Pedir que não compartilhe',
      copyButton: 'Texto do botão de copiar',
      preview: 'Assim o cliente vê',
      previewHint: 'Com os exemplos no lugar das variáveis.',
      becomes: 'Tipo: {type}',
      submit: 'Enviar ao WhatsApp',
      submitting: 'Enviando…',
      cancel: 'Cancelar',
      faults: { one: 'Falta corrigir {n} coisa.', other: 'Falta corrigir {n} coisas.' },
      allRight: 'Cumpre as regras do WhatsApp.',
      sent: 'O WhatsApp o tem.',
      sentHint: 'O estado se atualiza sozinho.',
      minutesFault: 'São minutos inteiros, de 1 a {most}.',
      emptyFault: 'Falta o texto.',
      languageFault: 'Não é um idioma como pt_BR ou es_AR.',
      leave: 'O que você escreveu não foi guardado. Sair mesmo assim?',
      document: 'Documento',
      video: 'Vídeo',
      picture: 'Imagem',
    },
  },
}
