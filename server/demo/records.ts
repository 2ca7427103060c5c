// The demo host's records: invented events of the invented people of the simulated phone, with dates relative to today.
import { demoBusiness, demoPeople } from '../simulator/people.ts'

export type DemoState = 'confirmed' | 'pending' | 'deposit' | 'quote' | 'done' | 'canceled'

export interface DemoRecord {
  id: string
  title: string
  clientName: string
  phone: string
  startsAt: string
  state: DemoState
  room: string
  /** The amount still to be paid, in pesos. */
  balance: number
  guests: number
  /** It was moved here: its client is asked to confirm. */
  moved?: boolean
}

type Row = [
  id: string,
  days: number,
  time: string,
  title: string,
  client: string,
  state: DemoState,
  room: string,
  balance: number,
  guests: number,
]

const rows: Row[] = [
  ['ev-1038', 4, '19:00', 'Prueba de menú Herrera–Paz', 'Sofía Herrera', 'confirmed', 'Salón Moreno', 0, 6],
  ['ev-1051', 8, '12:30', 'Bautismo de Bautista', 'Paula Sosa', 'confirmed', 'Patio Norte', 185_000, 45],
  ['ev-1027', 14, '22:00', 'Egresados Normal 4', 'Lucía Ferrari', 'deposit', 'Salón Alsina', 640_000, 180],
  ['ev-1049', 27, '21:00', 'Fin de año Molinos del Sur', 'Jorge Pedraza', 'confirmed', 'Salón Moreno', 920_000, 120],
  ['ev-1044', 28, '21:30', '15 de Valentina', 'Martín Quiroga', 'confirmed', 'Salón Alsina', 310_000, 90],
  ['ev-1046', 49, '20:00', 'Casamiento Ruiz–Ocampo', 'Natalia Ruiz', 'confirmed', 'Quinta Los Tilos', 1_150_000, 140],
  ['ev-1055', 77, '21:00', 'Aniversario 25 años', 'João Mendes', 'quote', 'Patio Norte', 480_000, 60],
  ['ev-1042', 111, '21:00', 'Casamiento Herrera–Paz', 'Sofía Herrera', 'confirmed', 'Quinta Los Tilos', 960_000, 160],
  ['ev-1058', 132, '20:30', 'Cumpleaños de 50', 'Paula Sosa', 'pending', 'Salón Moreno', 275_000, 70],
  ['ev-1019', -12, '20:00', 'Comunión de Tomás', 'Martín Quiroga', 'done', 'Patio Norte', 0, 50],
  ['ev-1012', -33, '21:00', 'Despedida de Natalia', 'Natalia Ruiz', 'done', 'Salón Moreno', 0, 40],
  ['ev-1008', -41, '18:00', 'Charla Cámara de Comercio', 'Jorge Pedraza', 'canceled', 'Salón Alsina', 0, 80],
]

const DAY_MS = 24 * 60 * 60_000
/** The invented business works in Buenos Aires, which keeps this offset all year. */
export const OFFSET_MS = -3 * 60 * 60_000
export const demoTimezone = 'America/Argentina/Buenos_Aires'

/** By date, the earliest first. */
export function listDemoRecords(now: number): DemoRecord[] {
  const phones = new Map(demoPeople.map((person) => [person.name, person.phone]))
  return rows
    .map(([id, days, time, title, clientName, state, room, balance, guests]) => {
      const day = new Date(now + OFFSET_MS + days * DAY_MS).toISOString().slice(0, 10)
      const startsAt = new Date(Date.parse(`${day}T${time}:00Z`) - OFFSET_MS).toISOString()
      return { id, title, clientName, phone: phones.get(clientName) ?? '', startsAt, state, room, balance, guests }
    })
    .filter((record) => record.phone !== '')
    .sort((a, b) => a.startsAt.localeCompare(b.startsAt))
}

/** Values for the blanks of templates, under the names that those use. */
export function templateVariables(record: DemoRecord): Record<string, string> {
  const first = record.clientName.split(' ')[0] ?? record.clientName
  const starts = new Date(record.startsAt)
  const date = new Intl.DateTimeFormat('es', { day: 'numeric', month: 'long', timeZone: demoTimezone }).format(starts)
  const time = new Intl.DateTimeFormat('es', { hour: '2-digit', minute: '2-digit', timeZone: demoTimezone }).format(starts)
  return {
    ...{ nombre: first, name: first, nome: first },
    ...{ negocio: demoBusiness, business: demoBusiness, empresa: demoBusiness },
    ...{ fecha: date, date, hora: time, time },
    ...{ evento: record.title, salon: record.room },
  }
}
