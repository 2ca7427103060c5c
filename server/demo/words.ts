// The demo page's words in three languages. What people wrote, and names of events and rooms, stay as they are.
import type { DemoState } from './records.ts'

export type DemoLocale = 'es' | 'en' | 'pt'
export type DemoView = 'upcoming' | 'month' | 'deposit' | 'past'

interface Words {
  records: string
  clients: string
  demo: string
  phone: string
  phoneHint: string
  api: string
  console: string
  consoleHint: string
  signedInAs: string
  scopes: { all: string; own: string; supervisor: string }
  dark: string
  light: string
  views: Record<DemoView, string>
  columns: {
    date: string
    event: string
    client: string
    messages: string
    state: string
    room: string
    balance: string
    phone: string
    records: string
    guests: string
  }
  states: Record<DemoState, string>
  paid: string
  back: string
  empty: string
  language: string
  main: string
  filters: string
  notice: string
  tips: {
    title: string
    answer: string
    answerLink: string
    write: string
    writeLink: string
    file: string
    fileLink: string
    move: string
    moveLink: string
  }
  day: { title: string; label: string; move: string; done: string; failed: string; coming: string; nothing: string; hint: string }
  reference: {
    title: string
    intro: string
    contents: string
    shapes: string
    parameters: string
    body: string
    answers: string
    required: string
    nothing: string
    open: string
  }
}

export const words: Record<DemoLocale, Words> = {
  es: {
    records: 'Coordinaciones',
    clients: 'Clientes',
    demo: 'Demostración',
    phone: 'Teléfono simulado',
    phoneHint: 'Abrilo en otra pestaña y escribí como un cliente.',
    api: 'API',
    console: 'Consola',
    consoleHint: 'La de supervisores, como Carla Molina.',
    signedInAs: 'Entraste como',
    scopes: { all: 'todas', own: 'solo las suyas', supervisor: 'supervisora' },
    dark: 'Oscuro',
    light: 'Claro',
    views: { upcoming: 'Próximas', month: 'Próximos 30 días', deposit: 'Sin seña', past: 'Pasadas' },
    columns: {
      date: 'Fecha',
      event: 'Evento',
      client: 'Cliente',
      messages: 'Mensajes',
      state: 'Estado',
      room: 'Salón',
      balance: 'Saldo',
      phone: 'Teléfono',
      records: 'Coordinaciones',
      guests: 'Invitados',
    },
    states: {
      confirmed: 'Confirmada',
      pending: 'Pendiente',
      deposit: 'Seña pendiente',
      quote: 'Presupuesto',
      done: 'Realizada',
      canceled: 'Cancelada',
    },
    paid: 'Al día',
    back: 'Todas las coordinaciones',
    empty: 'No hay coordinaciones en esta vista.',
    language: 'Idioma',
    main: 'Principal',
    filters: 'Vistas',
    notice: 'Datos inventados. Nada de lo que se escriba sale de esta computadora.',
    tips: {
      title: 'Para probar',
      answer: 'Sofía espera desde hace un rato: abrí su casamiento, tocá WhatsApp y contestale.',
      answerLink: 'Ir al casamiento',
      write: 'Escribí como cliente desde el teléfono simulado y mirá cómo llega acá.',
      writeLink: 'Abrir el teléfono',
      file: 'Paula escribió sin decir por cuál de sus dos eventos: asociá lo que escribió al bautismo.',
      fileLink: 'Ver clientes',
      move: 'Reprogramá el cumpleaños de Paula y confirmalo desde su teléfono: el estado pasa a verde.',
      moveLink: 'Ir al cumpleaños',
    },
    day: {
      title: 'Cambiar la fecha',
      label: 'Día y hora',
      move: 'Reprogramar',
      done: 'Reprogramado. El cliente ya recibe el cambio, con botones para confirmar.',
      failed: 'No se pudo: elegí un día que falte, dentro de un año.',
      coming: 'Lo que Hilo va a enviar',
      nothing: 'Nada por ahora.',
      hint: 'Confirmá desde el teléfono con el botón del mensaje, y mirá cómo el estado pasa a verde.',
    },
    reference: {
      title: 'Referencia de la API',
      intro: 'Cada llamada, lo que recibe y lo que contesta. Con el token del agente en Authorization: Bearer. Para programas:',
      contents: 'Contenido',
      shapes: 'Formas',
      parameters: 'Parámetros',
      body: 'Cuerpo',
      answers: 'Respuestas',
      required: 'obligatorio',
      nothing: 'sin contenido',
      open: 'sin token',
    },
  },
  en: {
    records: 'Bookings',
    clients: 'Clients',
    demo: 'Demo',
    phone: 'Simulated phone',
    phoneHint: 'Open it in another tab and write as a client.',
    api: 'API',
    console: 'Console',
    consoleHint: 'For supervisors, as Carla Molina.',
    signedInAs: 'Signed in as',
    scopes: { all: 'all', own: 'own only', supervisor: 'supervisor' },
    dark: 'Dark',
    light: 'Light',
    views: { upcoming: 'Upcoming', month: 'Next 30 days', deposit: 'No deposit', past: 'Past' },
    columns: {
      date: 'Date',
      event: 'Event',
      client: 'Client',
      messages: 'Messages',
      state: 'State',
      room: 'Room',
      balance: 'Balance',
      phone: 'Phone',
      records: 'Bookings',
      guests: 'Guests',
    },
    states: { confirmed: 'Confirmed', pending: 'Pending', deposit: 'Deposit due', quote: 'Quote', done: 'Done', canceled: 'Canceled' },
    paid: 'Paid up',
    back: 'All bookings',
    empty: 'No bookings in this view.',
    language: 'Language',
    main: 'Main',
    filters: 'Views',
    notice: 'Invented data. Nothing that is written leaves this computer.',
    tips: {
      title: 'To try',
      answer: 'Sofía has been waiting for a while: open her wedding, press WhatsApp and answer.',
      answerLink: 'Go to the wedding',
      write: 'Write as a client on the simulated phone and watch it arrive here.',
      writeLink: 'Open the phone',
      file: 'Paula wrote without saying which of her two events: file what she wrote under the baptism.',
      fileLink: 'See clients',
      move: 'Reschedule Paula’s birthday and confirm it on her phone: its state turns green.',
      moveLink: 'Go to the birthday',
    },
    day: {
      title: 'Change the date',
      label: 'Day and time',
      move: 'Reschedule',
      done: 'Rescheduled. The client is told now, with buttons to confirm.',
      failed: 'Not done: choose a day ahead, within a year.',
      coming: 'What Hilo will send',
      nothing: 'Nothing for now.',
      hint: 'Confirm on the phone by the button of the message, and watch the state turn green.',
    },
    reference: {
      title: 'API reference',
      intro: 'Each call, what it takes and what it answers. With the agent’s token in Authorization: Bearer. For programs:',
      contents: 'Contents',
      shapes: 'Shapes',
      parameters: 'Parameters',
      body: 'Body',
      answers: 'Answers',
      required: 'required',
      nothing: 'no content',
      open: 'no token',
    },
  },
  pt: {
    records: 'Coordenações',
    clients: 'Clientes',
    demo: 'Demonstração',
    phone: 'Telefone simulado',
    phoneHint: 'Abra em outra aba e escreva como um cliente.',
    api: 'API',
    console: 'Console',
    consoleHint: 'A de supervisores, como Carla Molina.',
    signedInAs: 'Você entrou como',
    scopes: { all: 'todas', own: 'só as suas', supervisor: 'supervisora' },
    dark: 'Escuro',
    light: 'Claro',
    views: { upcoming: 'Próximas', month: 'Próximos 30 dias', deposit: 'Sem sinal', past: 'Passadas' },
    columns: {
      date: 'Data',
      event: 'Evento',
      client: 'Cliente',
      messages: 'Mensagens',
      state: 'Estado',
      room: 'Salão',
      balance: 'Saldo',
      phone: 'Telefone',
      records: 'Coordenações',
      guests: 'Convidados',
    },
    states: {
      confirmed: 'Confirmada',
      pending: 'Pendente',
      deposit: 'Sinal pendente',
      quote: 'Orçamento',
      done: 'Realizada',
      canceled: 'Cancelada',
    },
    paid: 'Em dia',
    back: 'Todas as coordenações',
    empty: 'Não há coordenações nesta vista.',
    language: 'Idioma',
    main: 'Principal',
    filters: 'Vistas',
    notice: 'Dados inventados. Nada do que for escrito sai deste computador.',
    tips: {
      title: 'Para experimentar',
      answer: 'Sofía espera há um tempo: abra o casamento dela, toque em WhatsApp e responda.',
      answerLink: 'Ir ao casamento',
      write: 'Escreva como cliente no telefone simulado e veja chegar aqui.',
      writeLink: 'Abrir o telefone',
      file: 'Paula escreveu sem dizer de qual dos seus dois eventos: associe o que ela escreveu ao batizado.',
      fileLink: 'Ver clientes',
      move: 'Reagende o aniversário da Paula e confirme no telefone dela: o estado fica verde.',
      moveLink: 'Ir ao aniversário',
    },
    day: {
      title: 'Mudar a data',
      label: 'Dia e hora',
      move: 'Reagendar',
      done: 'Reagendado. O cliente já recebe a mudança, com botões para confirmar.',
      failed: 'Não foi possível: escolha um dia à frente, dentro de um ano.',
      coming: 'O que o Hilo vai enviar',
      nothing: 'Nada por enquanto.',
      hint: 'Confirme no telefone pelo botão da mensagem e veja o estado ficar verde.',
    },
    reference: {
      title: 'Referência da API',
      intro: 'Cada chamada, o que recebe e o que responde. Com o token do agente em Authorization: Bearer. Para programas:',
      contents: 'Conteúdo',
      shapes: 'Formas',
      parameters: 'Parâmetros',
      body: 'Corpo',
      answers: 'Respostas',
      required: 'obrigatório',
      nothing: 'sem conteúdo',
      open: 'sem token',
    },
  },
}
