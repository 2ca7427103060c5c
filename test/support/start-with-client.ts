// A server whose clock the test moves, and one client who has just written, so that the window is open.
import { startHilo, type TestHilo } from './hilo.ts'
import { createManualClock, type ManualClock } from './manual-clock.ts'

export async function startWithClient(phone: string): Promise<{ clock: ManualClock; hilo: TestHilo; conversationId: string }> {
  const clock = createManualClock()
  const hilo = await startHilo({ clock })
  // The webhook is posted by real sockets while the simulator's own steps wait for the clock.
  await hilo.simulator.phone(phone).write('hola')
  return { clock, hilo, conversationId: (await hilo.conversation(phone)).id }
}
