// One address for several servers, as a load balancer gives it: each connection goes to the next one that takes it.
import net, { type AddressInfo } from 'node:net'

export interface Balancer {
  url: string
  close(): Promise<void>
}

export async function createBalancer(ports: readonly number[]): Promise<Balancer> {
  const sockets = new Set<net.Socket>()
  let turn = 0
  const join = (near: net.Socket, triesLeft: number) => {
    const far = net.connect({ port: ports[turn++ % ports.length] as number, host: '127.0.0.1' })
    let connected = false
    far.on('connect', () => {
      connected = true
      near.pipe(far).pipe(near)
    })
    far.on('error', () => {
      if (!connected && triesLeft > 1 && !near.destroyed) join(near, triesLeft - 1)
      else near.destroy()
    })
    far.on('close', () => {
      if (connected) near.destroy()
    })
    near.on('close', () => far.destroy())
  }
  const server = net.createServer((near) => {
    sockets.add(near)
    near.on('error', () => near.destroy())
    near.on('close', () => sockets.delete(near))
    join(near, ports.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
