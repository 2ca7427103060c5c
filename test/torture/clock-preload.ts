// Loaded into the server by `--import`, in torture runs only: moves its wall clock as an operator or NTP would, and lets its
// timers run faster so that short runs need not wait a minute. The product knows nothing of it.
const RealDate = Date
const realTimeout = globalThis.setTimeout
const realInterval = globalThis.setInterval
const pace = Number(process.env.TORTURE_PACE ?? '1')
let offsetMs = Number(process.env.TORTURE_CLOCK_OFFSET_MS ?? '0')

const now = () => RealDate.now() + offsetMs
globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
})

/** Wall clock and timers are different clocks: the one jumps, the other does not. */
if (pace !== 1) {
  globalThis.setTimeout = Object.assign(
    (task: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) => realTimeout(task, ms / pace, ...given),
    realTimeout,
  ) as typeof setTimeout
  globalThis.setInterval = ((task: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) =>
    realInterval(task, ms / pace, ...given)) as typeof setInterval
}

process.on('message', (told) => {
  if (typeof told === 'object' && told !== null && 'clockOffsetMs' in told && typeof told.clockOffsetMs === 'number')
    offsetMs = told.clockOffsetMs
})
// The run is over, however it ended.
process.on('disconnect', () => process.exit(1))
// The channel alone must not keep a server alive that wants to end.
process.channel?.unref()
