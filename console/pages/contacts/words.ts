// The words of the contacts' pages.
import type { CoordinationStatus, OptOutScope, OptOutSource } from '../../../shared/model.ts'

export interface ContactWords {
  title: string
  tabs: { list: string; import: string; optOuts: string }
  search: string
  tag: string
  anyTag: string
  name: string
  noName: string
  addresses: string
  tags: string
  changed: string
  externalId: string
  conflict: string
  conflictOpen: string
  none: string
  noneHint: string
  noneYet: string
  noneYetHint: string
  more: string
  wentWrong: string
  missing: string
  back: string
  channels: { whatsapp: string; sms: string }
  preferred: string
  noPhone: string
  known: string
  attributes: string
  noAttributes: string
  records: string
  noRecords: string
  recordStatuses: Record<CoordinationStatus, string>
  unfiled: string
  threads: string
  said: string
  nothingSaid: string
  optOuts: string
  noOptOuts: string
  scopes: Record<OptOutScope, string>
  sources: Record<OptOutSource, string>
  since: string
  edit: string
  save: string
  saving: string
  cancel: string
  close: string
  saved: string
  number: string
  addAttribute: string
  attributeName: string
  attributeValue: string
  removeAttribute: string
  tagsHint: string
  merge: {
    action: string
    title: string
    lead: string
    search: string
    keeps: string
    goes: string
    go: string
    going: string
    done: string
    undo: string
    undone: string
    nobody: string
  }
  erase: {
    action: string
    title: string
    lead: string
    goes: string[]
    stays: string
    type: string
    go: string
    going: string
    done: string
  }
  export: string
  exporting: string
  import: {
    title: string
    lead: string
    choose: string
    drop: string
    other: string
    empty: string
    size: string
    columns: string
    columnsHint: string
    column: string
    first: string
    becomes: string
    asAttribute: string
    notTaken: string
    fields: Record<string, string>
    needsPhone: string
    doubled: string
    try: string
    trying: string
    sending: string
    reading: string
    tried: string
    done: string
    created: string
    updated: string
    unchanged: string
    failed: string
    go: string
    again: string
    faults: string
    faultsMore: string
    line: string
    fault: string
    download: string
    none: string
  }
  opt: {
    lead: string
    none: string
    noneHint: string
    client: string
    what: string
    since: string
    source: string
    download: string
    import: string
    importHint: string
    add: string
    channel: string
    number: string
    scope: string
    addTitle: string
    added: string
    same: string
    back: string
    backAsk: string
    backHint: string
    imported: string
    rejected: string
  }
}

export const contactWords: Record<'es' | 'en' | 'pt', ContactWords> = {
  es: {
    title: 'Contactos',
    tabs: { list: 'Contactos', import: 'Importar', optOuts: 'Bajas' },
    search: 'Nombre, número, id o etiqueta',
    tag: 'Etiqueta',
    anyTag: 'Todas las etiquetas',
    name: 'Nombre',
    noName: 'Sin nombre',
    addresses: 'Números',
    tags: 'Etiquetas',
    changed: 'Cambió',
    externalId: 'Id en tu sistema',
    conflict: 'Otro contacto tiene un número o id de este.',
    conflictOpen: 'Ver el otro',
    none: 'Ningún contacto con estas palabras',
    noneHint: 'Probá con otra parte del nombre o del número.',
    noneYet: 'Todavía no hay contactos',
    noneYetHint: 'Aparecen cuando escriben, cuando tu sistema los manda, o si los importás.',
    more: 'Ver más',
    wentWrong: 'No se pudieron cargar los contactos.',
    missing: 'Ese contacto no está, o no lo podés ver.',
    back: 'Volver a contactos',
    channels: { whatsapp: 'WhatsApp', sms: 'SMS' },
    preferred: 'preferido',
    noPhone: 'sin número visible',
    known: 'Desde el {date}',
    attributes: 'Datos',
    noAttributes: 'Sin datos.',
    records: 'Coordinaciones',
    noRecords: 'Ninguna conversación.',
    recordStatuses: { active: 'Activa', canceled: 'Cancelada', done: 'Terminada' },
    unfiled: 'Sin coordinación',
    threads: 'Conversaciones',
    said: 'Todo lo hablado',
    nothingSaid: 'Todavía no se habló nada.',
    optOuts: 'Bajas',
    noOptOuts: 'Ninguna: se le puede escribir.',
    scopes: { all: 'Nada más', marketing: 'Nada de marketing' },
    sources: {
      keyword: 'lo escribió el cliente',
      twilio: 'lo dice Twilio',
      whatsapp: 'lo dice WhatsApp',
      agent: 'lo anotó un agente',
      host: 'lo dice tu sistema',
      import: 'vino en una lista',
    },
    since: 'desde el {date}',
    edit: 'Editar',
    save: 'Guardar',
    saving: 'Guardando…',
    cancel: 'Cancelar',
    close: 'Cerrar',
    saved: 'Guardado.',
    number: 'Número de {channel}',
    addAttribute: 'Agregar un dato',
    attributeName: 'Dato',
    attributeValue: 'Valor',
    removeAttribute: 'Quitar {name}',
    tagsHint: 'Separadas por comas.',
    merge: {
      action: 'Unir con otro',
      title: 'Unir dos contactos',
      lead: 'Los números, datos, etiquetas y conversaciones del otro pasan a {name}. Una baja de uno vale para los dos, también si se deshace.',
      search: 'Buscar el otro contacto',
      keeps: 'Queda',
      goes: 'Desaparece',
      go: 'Unir',
      going: 'Uniendo…',
      done: '{name} se unió acá.',
      undo: 'Deshacer',
      undone: 'Vuelven a ser dos.',
      nobody: 'No hay otro contacto con estas palabras.',
    },
    erase: {
      action: 'Borrar del todo',
      title: '¿Borrar a {name} del todo?',
      lead: 'No se puede deshacer. Se borra:',
      goes: [
        'su nombre, sus números y sus datos',
        'todo lo hablado, en todas sus conversaciones',
        'los archivos que mandó y recibió',
        'lo que estaba programado para enviarle',
        'su texto en las campañas',
      ],
      stays: 'Queda anotado solo que pidió no recibir mensajes, si lo pidió: así no se le vuelve a escribir.',
      type: 'Escribí {name} para confirmar',
      go: 'Borrar del todo',
      going: 'Borrando…',
      done: 'Se borró todo lo de {name}.',
    },
    export: 'Exportar sus datos',
    exporting: 'Exportando…',
    import: {
      title: 'Importar contactos',
      lead: 'Un archivo CSV, o JSON con un objeto por línea. Hasta 200 MB.',
      choose: 'Elegir archivo',
      drop: 'o soltalo acá',
      other: 'Elegir otro',
      empty: 'No se pudo leer nada de este archivo.',
      size: '{name} · {size}',
      columns: 'Qué es cada columna',
      columnsHint: 'Lo que no elijas queda como dato del contacto, con el nombre de la columna.',
      column: 'Columna',
      first: 'Primeras filas',
      becomes: 'Es',
      asAttribute: 'Un dato más',
      notTaken: 'No se importa',
      fields: {
        phone: 'Teléfono',
        whatsapp: 'Número de WhatsApp',
        sms: 'Número de SMS',
        name: 'Nombre',
        lastName: 'Apellido',
        externalId: 'Id en tu sistema',
        tags: 'Etiquetas',
        optedOut: 'Baja (sí o no)',
        optedOutAt: 'Fecha de la baja',
        consentAt: 'Fecha del consentimiento',
        consentSource: 'Origen del consentimiento',
      },
      needsPhone: 'Elegí qué columna tiene el teléfono, o el id en tu sistema.',
      doubled: '“{field}” está en dos columnas.',
      try: 'Probar sin guardar',
      trying: 'Probando…',
      sending: 'Subiendo: {part} %',
      reading: 'Leyendo las filas…',
      tried: 'Así quedaría; todavía no se guardó nada.',
      done: 'Importado.',
      created: 'Nuevos',
      updated: 'Cambiados',
      unchanged: 'Iguales',
      failed: 'Con problemas',
      go: 'Importar',
      again: 'Importar otro archivo',
      faults: 'Filas con problemas',
      faultsMore: 'Se muestran las primeras {n}.',
      line: 'Línea',
      fault: 'Problema',
      download: 'Descargar los problemas (CSV)',
      none: 'Ninguna fila con problemas.',
    },
    opt: {
      lead: 'A quien está acá no se le escribe, venga de donde venga el mensaje.',
      none: 'Nadie pidió la baja',
      noneHint: 'Aparecen cuando alguien escribe BAJA o STOP, o si importás una lista.',
      client: 'Cliente',
      what: 'No quiere',
      since: 'Desde',
      source: 'Quién lo dice',
      download: 'Descargar CSV',
      import: 'Importar lista',
      importHint: 'Un CSV con una columna de teléfono; también se leen canal, alcance, fecha y origen.',
      add: 'Anotar una baja',
      channel: 'Canal',
      number: 'Número',
      scope: 'Alcance',
      addTitle: 'Anotar una baja',
      added: 'Anotado.',
      same: 'Ya estaba anotado.',
      back: 'Volvió a aceptar',
      backAsk: '¿{name} volvió a aceptar mensajes?',
      backHint: 'Anotalo solo si te lo pidió.',
      imported: '{accepted} leídas, {changed} nuevas.',
      rejected: '{n} no se pudieron tomar:',
    },
  },
  en: {
    title: 'Contacts',
    tabs: { list: 'Contacts', import: 'Import', optOuts: 'Opt-outs' },
    search: 'Name, number, id or tag',
    tag: 'Tag',
    anyTag: 'All tags',
    name: 'Name',
    noName: 'No name',
    addresses: 'Numbers',
    tags: 'Tags',
    changed: 'Changed',
    externalId: 'Id in your system',
    conflict: 'Another contact has a number or id of this one.',
    conflictOpen: 'See the other',
    none: 'No contact with these words',
    noneHint: 'Try another part of the name or number.',
    noneYet: 'No contacts yet',
    noneYetHint: 'They appear when they write, when your system sends them, or when you import them.',
    more: 'Show more',
    wentWrong: 'The contacts could not be loaded.',
    missing: 'That contact is not there, or not yours to see.',
    back: 'Back to contacts',
    channels: { whatsapp: 'WhatsApp', sms: 'SMS' },
    preferred: 'preferred',
    noPhone: 'no visible number',
    known: 'Since {date}',
    attributes: 'Details',
    noAttributes: 'No details.',
    records: 'Records',
    noRecords: 'No conversation.',
    recordStatuses: { active: 'Active', canceled: 'Canceled', done: 'Done' },
    unfiled: 'Unfiled',
    threads: 'Conversations',
    said: 'Everything said',
    nothingSaid: 'Nothing was said yet.',
    optOuts: 'Opt-outs',
    noOptOuts: 'None: they may be written to.',
    scopes: { all: 'Nothing any more', marketing: 'No marketing' },
    sources: {
      keyword: 'the client wrote it',
      twilio: 'Twilio says so',
      whatsapp: 'WhatsApp says so',
      agent: 'an agent noted it',
      host: 'your system says so',
      import: 'it came in a list',
    },
    since: 'since {date}',
    edit: 'Edit',
    save: 'Save',
    saving: 'Saving…',
    cancel: 'Cancel',
    close: 'Close',
    saved: 'Saved.',
    number: '{channel} number',
    addAttribute: 'Add a detail',
    attributeName: 'Detail',
    attributeValue: 'Value',
    removeAttribute: 'Remove {name}',
    tagsHint: 'With commas between them.',
    merge: {
      action: 'Merge with another',
      title: 'Merge two contacts',
      lead: 'The other’s numbers, details, tags and conversations become {name}’s. An opt-out of one counts for both, also when it is undone.',
      search: 'Search the other contact',
      keeps: 'Stays',
      goes: 'Goes',
      go: 'Merge',
      going: 'Merging…',
      done: '{name} was merged into this one.',
      undo: 'Undo',
      undone: 'They are two again.',
      nobody: 'There is no other contact with these words.',
    },
    erase: {
      action: 'Erase entirely',
      title: 'Erase {name} entirely?',
      lead: 'This cannot be undone. What goes:',
      goes: [
        'their name, numbers and details',
        'everything said, in all their conversations',
        'the files they sent and got',
        'what was planned to be sent to them',
        'their text in campaigns',
      ],
      stays: 'Only that they asked for no messages is kept, where they did: so nobody writes to them again.',
      type: 'Type {name} to confirm',
      go: 'Erase entirely',
      going: 'Erasing…',
      done: 'All about {name} was erased.',
    },
    export: 'Export their data',
    exporting: 'Exporting…',
    import: {
      title: 'Import contacts',
      lead: 'A CSV file, or JSON with an object per line. Up to 200 MB.',
      choose: 'Choose a file',
      drop: 'or drop it here',
      other: 'Choose another',
      empty: 'Nothing could be read in this file.',
      size: '{name} · {size}',
      columns: 'What each column is',
      columnsHint: 'What you do not choose becomes a detail of the contact, by the name of its column.',
      column: 'Column',
      first: 'First rows',
      becomes: 'Is',
      asAttribute: 'A detail',
      notTaken: 'Left out',
      fields: {
        phone: 'Phone',
        whatsapp: 'WhatsApp number',
        sms: 'SMS number',
        name: 'Name',
        lastName: 'Last name',
        externalId: 'Id in your system',
        tags: 'Tags',
        optedOut: 'Opted out (yes or no)',
        optedOutAt: 'Date of the opt-out',
        consentAt: 'Date of consent',
        consentSource: 'Source of consent',
      },
      needsPhone: 'Choose which column has the phone, or the id in your system.',
      doubled: '“{field}” is in two columns.',
      try: 'Try without saving',
      trying: 'Trying…',
      sending: 'Uploading: {part} %',
      reading: 'Reading the rows…',
      tried: 'It would become this; nothing is saved yet.',
      done: 'Imported.',
      created: 'New',
      updated: 'Changed',
      unchanged: 'The same',
      failed: 'With faults',
      go: 'Import',
      again: 'Import another file',
      faults: 'Rows with faults',
      faultsMore: 'The first {n} are shown.',
      line: 'Line',
      fault: 'Fault',
      download: 'Download the faults (CSV)',
      none: 'No row has a fault.',
    },
    opt: {
      lead: 'Nobody here is written to, wherever the message comes from.',
      none: 'Nobody opted out',
      noneHint: 'They appear when somebody writes STOP, or when you import a list.',
      client: 'Client',
      what: 'Does not want',
      since: 'Since',
      source: 'Who says so',
      download: 'Download CSV',
      import: 'Import a list',
      importHint: 'A CSV with a column of phones; channel, scope, date and source are read too.',
      add: 'Note an opt-out',
      channel: 'Channel',
      number: 'Number',
      scope: 'Scope',
      addTitle: 'Note an opt-out',
      added: 'Noted.',
      same: 'It was noted already.',
      back: 'Accepts again',
      backAsk: 'Does {name} accept messages again?',
      backHint: 'Note it only if they asked for it.',
      imported: '{accepted} read, {changed} new.',
      rejected: '{n} could not be taken:',
    },
  },
  pt: {
    title: 'Contatos',
    tabs: { list: 'Contatos', import: 'Importar', optOuts: 'Descadastros' },
    search: 'Nome, número, id ou etiqueta',
    tag: 'Etiqueta',
    anyTag: 'Todas as etiquetas',
    name: 'Nome',
    noName: 'Sem nome',
    addresses: 'Números',
    tags: 'Etiquetas',
    changed: 'Mudou',
    externalId: 'Id no seu sistema',
    conflict: 'Outro contato tem um número ou id deste.',
    conflictOpen: 'Ver o outro',
    none: 'Nenhum contato com estas palavras',
    noneHint: 'Tente outra parte do nome ou do número.',
    noneYet: 'Ainda não há contatos',
    noneYetHint: 'Aparecem quando escrevem, quando o seu sistema os envia, ou se você os importar.',
    more: 'Ver mais',
    wentWrong: 'Não foi possível carregar os contatos.',
    missing: 'Esse contato não está, ou você não pode vê-lo.',
    back: 'Voltar aos contatos',
    channels: { whatsapp: 'WhatsApp', sms: 'SMS' },
    preferred: 'preferido',
    noPhone: 'sem número visível',
    known: 'Desde {date}',
    attributes: 'Dados',
    noAttributes: 'Sem dados.',
    records: 'Coordenações',
    noRecords: 'Nenhuma conversa.',
    recordStatuses: { active: 'Ativa', canceled: 'Cancelada', done: 'Concluída' },
    unfiled: 'Sem coordenação',
    threads: 'Conversas',
    said: 'Tudo o que foi dito',
    nothingSaid: 'Ainda não se disse nada.',
    optOuts: 'Descadastros',
    noOptOuts: 'Nenhum: pode receber mensagens.',
    scopes: { all: 'Nada mais', marketing: 'Nada de marketing' },
    sources: {
      keyword: 'o cliente escreveu',
      twilio: 'a Twilio diz',
      whatsapp: 'o WhatsApp diz',
      agent: 'um agente anotou',
      host: 'o seu sistema diz',
      import: 'veio em uma lista',
    },
    since: 'desde {date}',
    edit: 'Editar',
    save: 'Salvar',
    saving: 'Salvando…',
    cancel: 'Cancelar',
    close: 'Fechar',
    saved: 'Salvo.',
    number: 'Número de {channel}',
    addAttribute: 'Adicionar um dado',
    attributeName: 'Dado',
    attributeValue: 'Valor',
    removeAttribute: 'Tirar {name}',
    tagsHint: 'Separadas por vírgulas.',
    merge: {
      action: 'Unir com outro',
      title: 'Unir dois contatos',
      lead: 'Os números, dados, etiquetas e conversas do outro passam a {name}. Um descadastro de um vale para os dois, também se for desfeito.',
      search: 'Buscar o outro contato',
      keeps: 'Fica',
      goes: 'Some',
      go: 'Unir',
      going: 'Unindo…',
      done: '{name} foi unido a este.',
      undo: 'Desfazer',
      undone: 'Voltaram a ser dois.',
      nobody: 'Não há outro contato com estas palavras.',
    },
    erase: {
      action: 'Apagar por completo',
      title: 'Apagar {name} por completo?',
      lead: 'Não dá para desfazer. Apaga-se:',
      goes: [
        'o nome, os números e os dados',
        'tudo o que foi dito, em todas as conversas',
        'os arquivos que enviou e recebeu',
        'o que estava agendado para ele',
        'o seu texto nas campanhas',
      ],
      stays: 'Fica anotado só que pediu para não receber mensagens, se pediu: assim ninguém volta a escrever.',
      type: 'Escreva {name} para confirmar',
      go: 'Apagar por completo',
      going: 'Apagando…',
      done: 'Tudo de {name} foi apagado.',
    },
    export: 'Exportar os seus dados',
    exporting: 'Exportando…',
    import: {
      title: 'Importar contatos',
      lead: 'Um arquivo CSV, ou JSON com um objeto por linha. Até 200 MB.',
      choose: 'Escolher arquivo',
      drop: 'ou solte aqui',
      other: 'Escolher outro',
      empty: 'Não foi possível ler nada deste arquivo.',
      size: '{name} · {size}',
      columns: 'O que é cada coluna',
      columnsHint: 'O que você não escolher vira um dado do contato, com o nome da coluna.',
      column: 'Coluna',
      first: 'Primeiras linhas',
      becomes: 'É',
      asAttribute: 'Um dado a mais',
      notTaken: 'Fica de fora',
      fields: {
        phone: 'Telefone',
        whatsapp: 'Número de WhatsApp',
        sms: 'Número de SMS',
        name: 'Nome',
        lastName: 'Sobrenome',
        externalId: 'Id no seu sistema',
        tags: 'Etiquetas',
        optedOut: 'Descadastro (sim ou não)',
        optedOutAt: 'Data do descadastro',
        consentAt: 'Data do consentimento',
        consentSource: 'Origem do consentimento',
      },
      needsPhone: 'Escolha qual coluna tem o telefone, ou o id no seu sistema.',
      doubled: '“{field}” está em duas colunas.',
      try: 'Testar sem salvar',
      trying: 'Testando…',
      sending: 'Enviando: {part} %',
      reading: 'Lendo as linhas…',
      tried: 'Ficaria assim; ainda não se salvou nada.',
      done: 'Importado.',
      created: 'Novos',
      updated: 'Alterados',
      unchanged: 'Iguais',
      failed: 'Com problemas',
      go: 'Importar',
      again: 'Importar outro arquivo',
      faults: 'Linhas com problemas',
      faultsMore: 'São mostradas as primeiras {n}.',
      line: 'Linha',
      fault: 'Problema',
      download: 'Baixar os problemas (CSV)',
      none: 'Nenhuma linha com problemas.',
    },
    opt: {
      lead: 'A quem está aqui não se escreve, venha a mensagem de onde vier.',
      none: 'Ninguém pediu o descadastro',
      noneHint: 'Aparecem quando alguém escreve PARAR ou STOP, ou se você importar uma lista.',
      client: 'Cliente',
      what: 'Não quer',
      since: 'Desde',
      source: 'Quem diz',
      download: 'Baixar CSV',
      import: 'Importar lista',
      importHint: 'Um CSV com uma coluna de telefone; também se leem canal, alcance, data e origem.',
      add: 'Anotar um descadastro',
      channel: 'Canal',
      number: 'Número',
      scope: 'Alcance',
      addTitle: 'Anotar um descadastro',
      added: 'Anotado.',
      same: 'Já estava anotado.',
      back: 'Voltou a aceitar',
      backAsk: '{name} voltou a aceitar mensagens?',
      backHint: 'Anote só se ele pediu.',
      imported: '{accepted} lidas, {changed} novas.',
      rejected: '{n} não puderam ser tomadas:',
    },
  },
}
