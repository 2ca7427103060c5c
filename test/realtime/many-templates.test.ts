// Ten thousand templates cost a start and a connect nothing: counted in calls of the store and in bytes, not in time.
import { expect, test, vi } from 'vitest'
import type { Store } from '../../server/store/store.ts'
import { openingInput } from '../../server/templates/sandbox.ts'
import { startHilo } from '../support/hilo.ts'
import { useSqliteFile } from '../support/sqlite-file.ts'
import { connect } from './live.ts'

vi.setConfig({ testTimeout: 120_000 })
const own = useSqliteFile()
const MANY = 10_000

test('a start asks for one of ten thousand templates, a connect for none, and is told none', async () => {
  const kept = await own.open()
  const body = `Hola {{nombre}}, ${'te esperamos '.repeat(20)}el {{fecha}}.`
  for (let from = 0; from < MANY; from += 1000)
    await Promise.all(
      Array.from({ length: 1000 }, (_, index) => {
        const name = `aviso_${String(from + index).padStart(5, '0')}`
        const one = openingInput({ name, language: 'es', body, contentSid: `HX${name}`, contentVariables: ['nombre', 'fecha'] })
        return kept.changeTemplate('default', one, () => one, 1)
      }),
    )
  const calls: { name: string; rows: number }[] = []
  const store = new Proxy(kept, {
    get(target, name: keyof Store) {
      const call = target[name] as (...args: unknown[]) => Promise<unknown>
      if (!/template/i.test(name)) return call
      return async (...args: unknown[]) => {
        const answer = await call(...args)
        const { items = answer } = answer as { items?: unknown }
        calls.push({ name, rows: Array.isArray(items) ? items.length : 1 })
        return answer
      }
    },
  })
  const hilo = await startHilo({ given: { store } })
  try {
    expect(calls).toEqual([{ name: 'templates', rows: 1 }])
    const live = await connect(hilo.url, hilo.agent().token)
    const told = live.all('ready')
    expect(JSON.stringify(told).length).toBeGreaterThan(100)
    expect(JSON.stringify(told).length).toBeLessThanOrEqual(5_000)
    expect(calls).toHaveLength(1)
    const send = await hilo.agent().call('POST', '/api/messages', {
      ...{ channel: 'whatsapp', to: '+5491133350003', template: { name: 'aviso_09999', variables: { nombre: 'Ana', fecha: '5/12' } } },
    })
    expect(send.status).toBe(202)
    expect(calls.slice(1).every(({ name, rows }) => name === 'templatesNamed' && rows === 1)).toBe(true)
    live.socket.close()
  } finally {
    await hilo.close()
  }
})
