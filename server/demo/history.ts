// What was said before somebody opens the demo: four clients of the host's records, over several days, each in another state.
import type { Channel } from '../../shared/model.ts'
import { OFFSET_MS } from './records.ts'

export interface Said {
  at: number
  /** The key of a demo agent; `client`. */
  by: 'client' | 'ana' | 'beto' | 'carla'
  text: string
  /** How it ended; a number: Twilio's code of its failure. Only of what an agent sent. */
  end?: 'delivered' | 'read' | number
  /** For the team alone. */
  isNote?: true
  /** Planned for then. */
  dueAt?: number
  template?: { name: string; variables: Record<string, string> }
}

export interface Talk {
  /** A client of the simulated phone. */
  client: string
  channel: Channel
  /** Null: what he wrote about no record. */
  record: string | null
  said: Said[]
  /** How the team left it. */
  left?: { status?: 'closed' | 'snoozed'; snoozedUntil?: number; assignee?: 'ana' | 'beto' | 'carla'; tags?: string[] }
}

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Times before `now`, so that nothing lies ahead whatever the hour of the start. */
export function demoHistory(now: number): Talk[] {
  const ago = (minutes: number) => now - minutes * MINUTE_MS
  /** On the day so many days from today, at an hour of the business. */
  const on = (days: number, time: string) =>
    Date.parse(`${new Date(now + OFFSET_MS + days * DAY_MS).toISOString().slice(0, 10)}T${time}:00Z`) - OFFSET_MS
  return [
    {
      client: 'Sofía Herrera',
      channel: 'whatsapp',
      record: 'ev-1042',
      said: [
        { at: on(-6, '10:12'), by: 'client', text: 'Hola! Soy Sofía, la del casamiento de marzo. ¿Siguen teniendo la Quinta Los Tilos?' },
        {
          at: on(-6, '10:20'),
          by: 'ana',
          text: 'Hola Sofía, sí, la fecha está reservada a tu nombre. ¿Cuántos van a ser al final?',
          end: 'read',
        },
        { at: on(-6, '10:26'), by: 'client', text: 'Unos 160, contando chicos' },
        {
          at: on(-5, '17:02'),
          by: 'ana',
          text: 'Anotado: 160. La seña queda en $\u00a0480.000 y el saldo en $\u00a0960.000.',
          end: 'read',
        },
        { at: on(-4, '09:31'), by: 'client', text: 'Hice la transferencia recién, ¿la ves?' },
        {
          at: on(-4, '09:50'),
          by: 'ana',
          text: 'Pidieron mesa larga para la familia del novio. Ojo con las columnas del salón.',
          isNote: true,
        },
        { at: on(-4, '09:52'), by: 'ana', text: 'Sí, acreditada. Te dejo guardado el comprobante.', end: 'read' },
        { at: on(-1, '19:40'), by: 'client', text: 'Genial, gracias!' },
        { at: on(-1, '19:46'), by: 'ana', text: 'A vos. Cualquier cosa me escribís.', end: 'read' },
        { at: ago(34), by: 'client', text: '¿Se puede cambiar el menú de dos invitados? Son celíacos' },
        { at: ago(33), by: 'client', text: 'Y si podés pasame la hora de la prueba de menú' },
      ],
      left: { assignee: 'ana', tags: ['celíacos'] },
    },
    {
      client: 'Sofía Herrera',
      channel: 'whatsapp',
      record: 'ev-1038',
      said: [
        {
          at: ago(200),
          by: 'ana',
          text: 'Hola Sofía, te escribimos de Ágora Eventos. ¿Podemos seguir por acá?',
          template: { name: 'saludo', variables: { nombre: 'Sofía', negocio: 'Ágora Eventos' } },
          dueAt: on(3, '10:00'),
        },
      ],
    },
    {
      client: 'Paula Sosa',
      channel: 'whatsapp',
      record: null,
      said: [
        { at: ago(62), by: 'client', text: 'Hola, ¿me pasás el saldo que me queda?' },
        { at: ago(58), by: 'client', text: 'Y si llego a ser 50 en vez de 45, ¿cambia mucho?' },
      ],
    },
    {
      client: 'Martín Quiroga',
      channel: 'whatsapp',
      record: 'ev-1044',
      said: [
        { at: on(-5, '11:05'), by: 'client', text: 'Buenas, ¿la torta la llevamos nosotros o la ponen ustedes?' },
        {
          at: on(-5, '11:30'),
          by: 'carla',
          text: 'Hola Martín, la pueden traer sin cargo. Avisanos el sabor por las alergias.',
          end: 'read',
        },
        { at: on(-4, '20:15'), by: 'client', text: 'Perfecto. Lo hablo con Valentina y te digo' },
        {
          at: on(-2, '10:00'),
          by: 'carla',
          text: 'Hola Martín, te escribimos de Ágora Eventos. ¿Podemos seguir por acá?',
          template: { name: 'saludo', variables: { nombre: 'Martín', negocio: 'Ágora Eventos' } },
          end: 'delivered',
        },
      ],
      left: { status: 'snoozed', snoozedUntil: on(1, '09:00'), assignee: 'carla', tags: ['torta'] },
    },
    {
      client: 'Jorge Pedraza',
      channel: 'whatsapp',
      record: 'ev-1049',
      said: [
        {
          at: on(-3, '15:10'),
          by: 'beto',
          text: 'Hola Jorge, te escribimos de Ágora Eventos. ¿Podemos seguir por acá?',
          template: { name: 'saludo', variables: { nombre: 'Jorge', negocio: 'Ágora Eventos' } },
          end: 63003,
        },
      ],
    },
    {
      client: 'Jorge Pedraza',
      channel: 'sms',
      record: 'ev-1049',
      said: [
        {
          at: on(-3, '15:14'),
          by: 'beto',
          text: 'Hola Jorge, soy Beto de Agora Eventos. Quedan 920.000 del fin de ano.',
          end: 'delivered',
        },
        { at: on(-3, '18:40'), by: 'client', text: 'Recibido, lo paga administracion el viernes' },
        { at: on(-2, '09:15'), by: 'beto', text: 'Gracias! Te confirmo cuando entre.', end: 'delivered' },
      ],
      left: { status: 'closed', assignee: 'beto' },
    },
  ]
}
